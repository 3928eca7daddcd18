// Beside the result: the last scans, product search with stock, held scans, and
// this workstation's settings.
import { html } from '/vendor/preact.js';
import { changeQuery } from '../lib/router.js';
import { t } from '../lib/text.js';
import { HeldScans } from '../parts/held_scans.js';
import { RecentScans } from './recent.js';
import { WaitingScans } from './waiting.js';
import { StockSearch } from './stock_search.js';
import { WorkstationSettings } from './workstation_settings.js';

const PANELS = { waiting: WaitingScans, recent: RecentScans, search: StockSearch, held: HeldScans, workstation: WorkstationSettings };

export function SidePanel({ desk, side, keys, undo }) {
  const Panel = PANELS[side] ?? RecentScans;
  return html`<aside class="scan-side panel stack" aria-label=${t('scan.side')}>
    <div class="tabs" role="group" aria-label=${t('scan.side')}>
      ${Object.entries(keys).map(([key, name]) => html`<button key=${name} aria-current=${String(name === side)}
        onClick=${() => changeQuery({ side: name })}>${t(`side.${name}`)} <kbd>${key}</kbd></button>`)}
    </div>
    <${Panel} desk=${desk} undo=${undo} />
  </aside>`;
}
