// Two refusals that the clerk can answer: one lot does not hold enough, and more
// came than was ordered. Each answer is a new scan, so the refused one stays refused.
import { html, useState } from '/vendor/preact.js';
import { Input } from '../parts/field.js';
import { Problem } from '../parts/notice.js';
import { getAll } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { count, expiryText } from '../lib/format.js';
import { t, word } from '../lib/text.js';
import { useAnswerFocus } from './scan_field.js';

const ACCEPTED = ['supplier_sent_more', 'free_goods'];
const WRITTEN_OFF_FROM = ['expired', 'recalled', 'usable'];

// A number is followed by Enter: a scan that begins with it must stay a scan.
function LotChoice({ desk, entry, lots, title, act, take, done }) {
  const [number, setNumber] = useState('1');
  const input = useAnswerFocus(desk.isUsed);
  const many = (lot) => Math.min(entry.request.quantity, lot.quantity);
  const send = (lot) => {
    desk.scan({ ...entry.request, quantity: many(lot), lot: lot.lot, expiry: lot.expiry });
    done();
  };
  const submit = (event) => {
    event.preventDefault();
    const lot = lots[Number(number) - 1];
    if (lot) send(lot);
  };
  return html`<form class="question" onSubmit=${submit}>
    <h3>${title}</h3>
    <div class="choices">${lots.map((lot, n) => html`<button type="button" key=${`${lot.lot} ${lot.expiry}`}
      onClick=${() => send(lot)}>
      <kbd>${n + 1}</kbd> <b class="mono">${lot.lot}</b><span>${expiryText(lot.expiry)}</span>
      <span>${take(count(many(lot)), count(lot.quantity))}</span></button>`)}</div>
    <div class="row end">
      <${Input} label=${t('ask.number')} inputRef=${input} class="number" inputmode="numeric" value=${number}
        onText=${setNumber} onFocus=${(event) => event.target.select()} />
      <button class="primary">${act} <kbd>Enter</kbd></button>
    </div>
  </form>`;
}

export function SplitQuestion({ question, ...rest }) {
  return html`<${LotChoice} ...${rest} lots=${question.lots} title=${t('ask.split')} act=${t('ask.take_it')}
    take=${(n, all) => t('ask.take', { n, all })} />`;
}

// What is written off may be of any lot on the shelf, an expired one above all.
export function StockLotQuestion({ entry, ...rest }) {
  const { data, error } = useLoad((signal) => getAll('/stock', { product_id: entry.result.product.id }, { signal }),
    [entry.id]);
  const lots = (data?.items ?? []).filter((lot) => WRITTEN_OFF_FROM.includes(lot.state) && lot.quantity > 0)
    .sort((a, b) => (a.expiry < b.expiry ? -1 : 1)).slice(0, 9);
  if (lots.length === 0) return html`<${Problem} error=${error} />`;
  return html`<${LotChoice} ...${rest} entry=${entry} lots=${lots} title=${t('ask.write_off_lot')}
    act=${t('mode.write_off')} take=${(n, all) => t('ask.write_off', { n, all })} />`;
}

export function ReasonQuestion({ desk, entry, done }) {
  const [reason, setReason] = useState('');
  const input = useAnswerFocus(desk.isUsed);
  const send = (text) => {
    desk.scan({ ...entry.request, reason: text });
    done();
  };
  const submit = (event) => {
    event.preventDefault();
    const text = ACCEPTED[Number(reason) - 1] ?? reason;
    if (text) send(text);
  };
  return html`<form class="question" onSubmit=${submit}>
    <h3>${t('ask.reason')}</h3>
    <div class="choices">${ACCEPTED.map((text, n) => html`<button type="button" key=${text} onClick=${() => send(text)}>
      <kbd>${n + 1}</kbd> ${word('reason', text)}</button>`)}</div>
    <div class="row end">
      <${Input} label=${t('ask.other_reason')} wide=${true} inputRef=${input} name="reason" maxlength="500"
        value=${reason} onText=${setReason} />
      <button class="primary" disabled=${reason === ''}>${t('ask.accept')} <kbd>Enter</kbd></button>
    </div>
  </form>`;
}
