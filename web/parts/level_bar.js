// Where a position stands between nothing, minimum and maximum, as a small bar.
import { html } from '/vendor/preact.js';
import { count } from '../lib/format.js';
import { t } from '../lib/text.js';

const WIDTH = 120;

export function LevelBar({ row }) {
  const top = Math.max(row.maximum, row.position, 1);
  const at = (value) => Math.max(0, Math.min(WIDTH, (value / top) * WIDTH));
  const meaning = row.position <= row.minimum ? 'low' : row.position > row.maximum ? 'high' : '';
  const words = t('level.bar',
    { position: count(row.position), minimum: count(row.minimum), maximum: count(row.maximum) });
  return html`<span class="level"><svg class="level-bar ${meaning}" width=${WIDTH} height="18" role="img"
    aria-label=${words}>
    <title>${words}</title>
    <rect class="whole" x="0" y="5" width=${WIDTH} height="8" rx="4" />
    <rect class="filled" x="0" y="5" width=${at(row.position)} height="8" rx="4" />
    <line class="mark" x1=${at(row.minimum)} x2=${at(row.minimum)} y1="0" y2="18" />
    <line class="mark" x1=${at(row.maximum) - 1} x2=${at(row.maximum) - 1} y1="0" y2="18" />
  </svg> ${count(row.position)}</span>`;
}
