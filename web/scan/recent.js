// The last scans, newest first; a scan on its way is grey.
import { html } from '/vendor/preact.js';
import { Icon } from '../parts/icon.js';
import { Empty } from '../parts/notice.js';
import { productName } from '../parts/products.js';
import { clockTime, codeText } from '../lib/format.js';
import { t, word } from '../lib/text.js';
import { codeOf } from './code.js';
import { isUrgent, meaningOf, packageName, soundOf } from './question.js';

const SHOWN = 14;

// The result in a word or two.
function shortOutcome(entry, trouble) {
  if (entry.undone) return t('scan.is_undone');
  if (!entry.result) return trouble ? t('scan.waiting') : t('scan.sending');
  const { outcome, problem, warnings } = entry.result;
  if (problem) return word('short', problem.code);
  const urgent = warnings?.find(isUrgent);
  if (urgent) return word('short', urgent.code);
  return word('outcome', outcome);
}

function Row({ entry, trouble }) {
  const meaning = entry.undone ? 'waiting' : entry.result && soundOf(entry.result) === 'look'
    ? 'look' : meaningOf(entry);
  const product = entry.result?.product;
  return html`<tr class="${entry.result ? '' : 'waiting'} ${entry.undone ? 'undone' : ''}">
    <td class="soft tiny right">${entry.number}</td>
    <td class="soft shy">${clockTime(entry.at).slice(0, 5)}</td>
    <td class="what">${product ? productName(product.id, product.name) : packageName(entry.result) || html`<span
      class="mono">${codeText(codeOf(entry.request), 18)}</span>`}
      ${entry.request.movement !== 'dispense' && html` <span
        class="soft tiny">${t(`mode.${entry.request.movement}`)}</span>`}</td>
    <td class="right">${entry.result?.quantity ?? entry.request.quantity}</td>
    <td class="shy ${meaning}"><${Icon} name=${entry.undone ? 'undo' : meaning} /> ${shortOutcome(entry, trouble)}</td>
  </tr>`;
}

export function RecentScans({ desk, undo }) {
  if (desk.entries.length === 0) return html`<${Empty} title=${t('recent.none')}>${t('recent.none_how')}</${Empty}>`;
  return html`<div class="stack">
    <table class="recent" aria-label=${t('side.recent')}>
      <thead class="hidden-words"><tr><th>#</th><th>${t('word.time')}</th><th>${t('word.product')}</th>
        <th>${t('word.quantity')}</th><th>${t('word.result')}</th></tr></thead>
      <tbody>${desk.entries.slice(0,
        SHOWN).map((entry) => html`<${Row} key=${entry.id} entry=${entry} trouble=${desk.line.trouble} />`)}</tbody>
    </table>
    <button onClick=${undo} disabled=${!desk.undoable()}><${Icon}
      name="undo" /> ${t('scan.undo')} <kbd>Ctrl+Z</kbd></button>
  </div>`;
}
