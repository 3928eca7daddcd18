// Scans on this workstation that the service has not answered for yet, in the order
// in which they go out, and what to do about them.
import { html, useEffect, useRef } from '/vendor/preact.js';
import { Empty, Notice } from '../parts/notice.js';
import { age, codeText, when } from '../lib/format.js';
import { t, word } from '../lib/text.js';
import { codeOf } from './code.js';

const SHOWN = 100;

function Row({ request }) {
  return html`<tr>
    <td class="soft shy">${when(request.scanned_at)}<br /><span class="tiny">${age(request.scanned_at)}</span></td>
    <td><span class="mono">${codeText(codeOf(request), 24)}</span><br />
      <span class="soft tiny">${word('movement', request.movement)}</span></td>
    <td class="right">×${request.quantity}</td>
  </tr>`;
}

export function WaitingScans({ desk }) {
  const head = useRef(null);
  useEffect(() => head.current.focus(), []);
  const { waiting } = desk.outbox;
  return html`<div class="stack waiting-scans">
    <h2 ref=${head} tabindex="-1">${t('line.waiting', { n: waiting.length })}</h2>
    ${waiting.length === 0 ? html`<${Empty} title=${t('waiting.none')}>${t('waiting.none_how')}</${Empty}>` : html`
      <${Notice} meaning="waiting"><p>${t(`waiting.do_${desk.line.trouble ?? 'online'}`)}${' '}
        ${t('waiting.keep')}</p></${Notice}>
      <table aria-label=${t('line.show')}>
        <thead class="hidden-words"><tr><th>${t('word.time')}</th><th>${t('word.code')}</th>
          <th>${t('word.quantity')}</th></tr></thead>
        <tbody>${waiting.slice(0, SHOWN).map(({ request }) => html`<${Row} key=${request.id} request=${request} />`)}</tbody>
      </table>
      ${waiting.length > SHOWN && html`<p class="soft small">${t('waiting.more', { n: waiting.length - SHOWN })}</p>`}`}
  </div>`;
}
