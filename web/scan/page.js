// The scan page: field and result on the left, the last scans and lists on the right.
import { html, useEffect, useMemo, useReducer, useRef, useState } from '/vendor/preact.js';
import { Problem } from '../parts/notice.js';
import { changeQuery, useRoute } from '../lib/router.js';
import { t } from '../lib/text.js';
import { Desk } from './desk.js';
import { ScanField } from './scan_field.js';
import { KeyCatcher } from './keys.js';
import { QueueNotices } from './queue_notices.js';
import { Result } from './result.js';
import { Shipments } from './shipment_panel.js';
import { SidePanel } from './side_panel.js';

const MODES = { F1: 'dispense', F2: 'receive' };
const SIDES = { F7: 'recent', F8: 'search', F9: 'held', F10: 'workstation' };

function useDesk(user) {
  const desk = useMemo(() => new Desk(user), [user.pharmacy_id, user.account]);
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    const off = desk.onChange(redraw);
    desk.start();
    return () => { off(); desk.stop(); };
  }, [desk]);
  return desk;
}

export function ScanPage({ user, onLine, onLeave }) {
  const desk = useDesk(user);
  const { query } = useRoute();
  const field = useRef(null);
  const [failure, setFailure] = useState(null);
  const side = query.side ?? 'recent';

  useEffect(() => onLine(desk.line), [desk.line]);
  useEffect(() => () => onLine(null), []);
  useEffect(() => field.current?.focus(), []);

  const undo = async () => {
    setFailure(null);
    try {
      const undone = await desk.undo(t('scan.undo_reason'));
      desk.change({ said: undone ? t('scan.undone', undone) : t('scan.nothing_to_undo'), asking: false });
    } catch (error) {
      setFailure(error);
    }
    field.current?.focus();
  };

  const shortcut = (event) => {
    if (event.repeat && event.key === 'Enter') return true; // a question's second Enter is pressed, not held
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (plain && MODES[event.key]) {
      desk.setMode(MODES[event.key]);
      field.current.focus();
      return true;
    }
    if (plain && SIDES[event.key]) {
      changeQuery({ side: SIDES[event.key] });
      return true;
    }
    if (event.key === 'Escape') {
      desk.change({ asking: false, quantity: 1, said: null });
      setFailure(null);
      field.current.value = '';
      field.current.focus();
      return true;
    }
    const typing = document.activeElement?.value && document.activeElement.matches('input,textarea');
    if (event.ctrlKey && event.key.toLowerCase() === 'z' && !typing) {
      if (!event.repeat) undo(); // a key held down is one wish
      return true;
    }
    return false;
  };

  // The catcher lives as long as the page; it reads the newest functions here.
  const live = useRef({});
  live.current = { shortcut };
  useEffect(() => new KeyCatcher({
    field: () => field.current,
    onScan: (text) => { setFailure(null); desk.submit(text); field.current.focus(); },
    onIme: (on) => desk.ime !== on && desk.change({ ime: on }),
    shortcut: (event) => live.current.shortcut(event),
  }).start(), [desk]);

  return html`<main class="page scan ${desk.mode}" id="main">
    <h1 class="hidden-words">${t('page.scan')}</h1>
    <div class="scan-left">
      <div class="modes" role="group" aria-label=${t('scan.modes')}>
        ${Object.entries(MODES).map(([key, mode]) => html`<button key=${mode} aria-pressed=${String(desk.mode === mode)}
          onClick=${() => { desk.setMode(mode); field.current.focus(); }}>${t(`mode.${mode}`)} <kbd>${key}</kbd>
            </button>`)}
      </div>
      <${ScanField} desk=${desk} field=${field} />
      <${QueueNotices} desk=${desk} user=${user} onLeave=${onLeave} />
      <${Problem} error=${failure} />
      <${Result} desk=${desk} done=${() => field.current?.focus()} />
      ${desk.mode === 'receive' && html`<${Shipments} desk=${desk} />`}
    </div>
    <${SidePanel} desk=${desk} side=${side} keys=${SIDES} undo=${undo} />
  </main>`;
}
