// The viewfinder: small enough that the last result stays in sight.
import { html, useEffect, useRef, useState } from '/vendor/preact.js';
import { Icon } from '../parts/icon.js';
import { Notice } from '../parts/notice.js';
import { t, word } from '../lib/text.js';
import { Camera } from './camera.js';

export function CameraPanel({ onScan }) {
  const video = useRef(null);
  const camera = useRef(null);
  const [now, setNow] = useState({ state: 'opening' });
  const take = useRef(null);
  take.current = onScan;

  // Hidden, as in a pocket, it lets go of the camera; in sight again it goes on.
  useEffect(() => {
    const one = new Camera({ video: video.current, onScan: (scan) => take.current(scan), onState: setNow });
    camera.current = one;
    const shown = () => (document.hidden ? one.close() : one.open());
    shown();
    document.addEventListener('visibilitychange', shown);
    return () => { document.removeEventListener('visibilitychange', shown); one.close(); };
  }, []);

  const running = now.state === 'running';
  return html`<section class="camera" aria-label=${t('camera.title')} data-state=${now.state}>
    <div class="viewfinder" hidden=${now.state === 'failed'}>
      <video ref=${video} playsinline muted aria-label=${t('camera.picture')} />
      <span class="aim" />
    </div>
    ${now.state === 'failed' && html`<${Notice} meaning="look"><p>${word('camera_trouble', now.trouble)}</p></${Notice}>`}
    <div class="row">
      <p class="grow small soft">${now.state !== 'failed' && t(running ? 'camera.how' : 'camera.opening')}</p>
      ${now.state === 'failed' && html`<button onClick=${() => camera.current.open()}>${t('act.again')}</button>`}
      ${running && now.torch !== undefined && html`<button aria-pressed=${String(now.torch)}
        onClick=${() => camera.current.light(!now.torch)}><${Icon} name="torch" /> ${t('camera.torch')}</button>`}
    </div>
  </section>`;
}
