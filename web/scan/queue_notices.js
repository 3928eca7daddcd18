// What a person must know about scans on their way: that a log-in is wanted, what
// the service refused to read, whose scans wait for another person.
import { html } from '/vendor/preact.js';
import { Notice, problemText } from '../parts/notice.js';
import { WaitingOfOthers } from '../parts/waiting_scans.js';
import { clockTime, codeText } from '../lib/format.js';
import { t, word } from '../lib/text.js';
import { codeOf } from './code.js';

function Refused({ desk, record: { request, refused } }) {
  return html`<${Notice} meaning="stopped"><p class="refused-scan">
    <b class="mono">${codeText(codeOf(request))}</b> ×${request.quantity} · ${clockTime(request.scanned_at)}${' '}
    ${t('queue.refused')} ${problemText(refused.code, refused.detail)} <span class="soft mono">${refused.code}</span>
    ${' '}<button class="quiet" onClick=${() => desk.outbox.putAside(request.id)}>${t('queue.noted')}</button>
  </p></${Notice}>`;
}

export function QueueNotices({ desk, user, onLeave }) {
  const { trouble, code, waiting, notKept } = desk.line;
  return html`
    ${notKept && html`<${Notice} meaning="stopped">
      <p class="not-kept">${word('storage', notKept)} ${t('queue.not_kept')}</p></${Notice}>`}
    ${trouble === 'sign_in' && waiting > 0 && html`<${Notice} meaning="look">
      <p>${problemText(code)} ${t('queue.sign_in', { n: waiting })}
        ${' '}<button onClick=${onLeave}>${t('queue.sign_in_now')}</button></p></${Notice}>`}
    ${desk.outbox.refused.map((one) => html`<${Refused} key=${one.request.id} desk=${desk} record=${one} />`)}
    <${WaitingOfOthers} user=${user} />`;
}
