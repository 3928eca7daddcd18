// Whether this workstation's scanner was ever checked: said quietly until it is, or
// until somebody says that it need not be.
import { html, useEffect, useState } from '/vendor/preact.js';
import { getAll } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { changeWorkstation, onWorkstation, workstation } from '../lib/workstation.js';
import { t } from '../lib/text.js';

export function SetupHint() {
  const [{ name, unchecked }, setSettings] = useState(workstation());
  useEffect(() => onWorkstation(setSettings), []);
  const { data } = useLoad((signal) => getAll('/workstations', {}, { signal }), []);
  if (!data || unchecked === name || data.items.some((one) => one.name === name)) return null;
  return html`<p class="soft small setup-hint">${t('scan.unchecked')} <a href="#/setup">${t('scan.check')}</a> ·${' '}
    <button class="quiet" onClick=${() => changeWorkstation({ unchecked: name })}>${t('scan.unchecked_stays')}</button></p>`;
}
