// Loudness and name of this workstation.
import { html, useEffect, useState } from '/vendor/preact.js';
import { Field } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { play } from '../lib/sound.js';
import { changeWorkstation, onWorkstation, workstation } from '../lib/workstation.js';
import { t } from '../lib/text.js';

export function WorkstationSettings() {
  const [settings, setSettings] = useState(workstation());
  useEffect(() => onWorkstation(setSettings), []);
  return html`<div class="stack">
    <${Field} label=${t('workstation.volume', { n: Math.round(settings.volume * 100) })}>
      <input type="range" min="0" max="1" step="0.1" value=${settings.volume}
        onInput=${(event) => { changeWorkstation({ volume: Number(event.target.value) }); play('accepted'); }} />
    </${Field}>
    <div class="row">${['accepted', 'look',
      'stopped'].map((name) => html`<button key=${name} onClick=${() => play(name)}>
      <${Icon} name="sound" /> ${t(`sound.${name}`)}</button>`)}</div>
    <${Field} label=${t('workstation.name')}><input maxlength="40" value=${settings.name}
      onChange=${(event) => changeWorkstation({ name: event.target.value.trim().replaceAll('/', '-') || settings.name })} /></${Field}>
    <p><a class="button" href="#/setup"><${Icon} name="scan" /> ${t('workstation.setup')}</a></p>
    <h3>${t('workstation.keys')}</h3>
    <ul class="keys small">
      <li><kbd>F1</kbd> ${t('mode.dispense')} · <kbd>F2</kbd> ${t('mode.receive')} ·
        ${' '}<kbd>F3</kbd> ${t('mode.return')} · <kbd>F6</kbd> ${t('mode.write_off')}</li>
      <li><kbd>5 Enter</kbd> <kbd>5*</kbd> ${t('keys.quantity')}</li>
      <li><kbd>Ctrl+Z</kbd> ${t('scan.undo')}</li>
      <li><kbd>Esc</kbd> ${t('keys.escape')}</li>
      <li><kbd>Alt+C</kbd> ${t('camera.title')}</li>
      <li><kbd>Ctrl+]</kbd> ${t('keys.separator')}</li>
      <li><kbd>F7</kbd>–<kbd>F10</kbd> ${t('keys.side')}</li>
    </ul>
  </div>`;
}
