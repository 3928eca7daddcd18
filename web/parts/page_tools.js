// What every list page has: a CSV of all rows, and paper.
import { html } from '/vendor/preact.js';
import { Icon } from './icon.js';
import { csvAddress } from '../lib/api.js';
import { t } from '../lib/text.js';

export function PageTools({ path, query, children }) {
  return html`<div class="row no-print">${children}
    ${path && html`<a class="button" href=${csvAddress(path, query)} download><${Icon} name="file" /> CSV</a>`}
    <button onClick=${() => print()}><${Icon} name="print" /> ${t('act.print')}</button>
  </div>`;
}
