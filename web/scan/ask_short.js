// Two refusals that the clerk can answer: one lot does not hold enough, and more
// came than was ordered. Each answer is a new scan, so the refused one stays refused.
import { html, useEffect, useRef, useState } from '/vendor/preact.js';
import { Input } from '../parts/field.js';
import { count, expiryText } from '../lib/format.js';
import { t } from '../lib/text.js';

// A number is followed by Enter: a scan that begins with it must stay a scan.
export function SplitQuestion({ desk, entry, question, done }) {
  const [number, setNumber] = useState('1');
  const input = useRef(null);
  useEffect(() => input.current.select(), []);
  const send = (lot) => {
    const quantity = Math.min(entry.request.quantity, lot.quantity);
    desk.scan({ ...entry.request, quantity, lot: lot.lot, expiry: lot.expiry });
    done();
  };
  const submit = (event) => {
    event.preventDefault();
    const lot = question.lots[Number(number) - 1];
    if (lot) send(lot);
  };
  return html`<form class="question" onSubmit=${submit}>
    <h3>${t('ask.split')}</h3>
    <div class="choices">${question.lots.map((lot,
      n) => html`<button type="button" key=${lot.lot} onClick=${() => send(lot)}>
      <kbd>${n + 1}</kbd> <b class="mono">${lot.lot}</b><span>${expiryText(lot.expiry)}</span>
      <span>${t('ask.take',
        { n: count(Math.min(entry.request.quantity, lot.quantity)), all: count(lot.quantity) })}</span>
          </button>`)}</div>
    <div class="row end">
      <${Input} label=${t('ask.number')} inputRef=${input} class="number" inputmode="numeric" value=${number}
        onText=${setNumber} />
      <button class="primary">${t('ask.take_it')} <kbd>Enter</kbd></button>
    </div>
  </form>`;
}

export function ReasonQuestion({ desk, entry, done }) {
  const [reason, setReason] = useState('');
  const input = useRef(null);
  useEffect(() => input.current.focus(), []);
  const reasons = [t('ask.over_more'), t('ask.over_free')];
  const send = (text) => {
    desk.scan({ ...entry.request, reason: text });
    done();
  };
  const submit = (event) => {
    event.preventDefault();
    const text = reasons[Number(reason) - 1] ?? reason;
    if (text) send(text);
  };
  return html`<form class="question" onSubmit=${submit}>
    <h3>${t('ask.reason')}</h3>
    <div class="choices">${reasons.map((text, n) => html`<button type="button" key=${text} onClick=${() => send(text)}>
      <kbd>${n + 1}</kbd> ${text}</button>`)}</div>
    <div class="row end">
      <${Input} label=${t('ask.other_reason')} wide=${true} inputRef=${input} name="reason" maxlength="500"
        value=${reason} onText=${setReason} />
      <button class="primary" disabled=${reason === ''}>${t('ask.accept')} <kbd>Enter</kbd></button>
    </div>
  </form>`;
}
