// "Which lot, which expiry?" — typed, or picked by a number from the shipment.
import { html, useRef, useState } from '/vendor/preact.js';
import { Check, Field, Input } from '../parts/field.js';
import { Notice, Problem } from '../parts/notice.js';
import { useAct } from '../lib/load.js';
import { count, expiryText, readDate } from '../lib/format.js';
import { t } from '../lib/text.js';
import { codeOf, namesEveryBox, starred } from './code.js';
import { useAnswerFocus } from './scan_field.js';
import { lotOpen } from './shipments.js';

export function LotQuestion({ desk, entry, question, done }) {
  const [lot, setLot] = useState('');
  const [expiry, setExpiry] = useState('');
  const [isBad, setBad] = useState(false); // Enter was pressed on an expiry that is none
  const [sure, setSure] = useState(null); // the short number Enter was pressed on once
  const [rememberLot, setRememberLot] = useState(false);
  const first = useAnswerFocus(desk.isUsed);
  const second = useRef(null);
  const act = useAct();
  const date = readDate(expiry);

  const send = async (choice) => {
    const known = { product_id: entry.result.product.id, remember: entry.remember ?? false, units: entry.units,
      remember_lot: rememberLot || undefined };
    const ok = await act.run(async () => { await desk.bind(entry.id, { ...known, ...choice }); });
    if (ok) done();
  };
  const type = (text) => {
    const quantity = starred(text);
    if (quantity) desk.change({ quantity });
    setLot(quantity ? '' : text);
    setSure(null);
  };
  const isShort = /^\d{1,3}$/.test(lot);
  const chosen = isShort ? question.lots[Number(lot) - 1] : null;
  const submit = (event) => {
    event.preventDefault();
    // A lone number is a lot of the list, or a quantity typed by habit: Enter again says which.
    if (isShort && sure !== lot) {
      setSure(lot);
      return;
    }
    if (chosen) send({ lot: chosen.lot, expiry: chosen.expiry });
    else if (lot === '') first.current.focus();
    else if (date) send({ lot, expiry: date });
    else {
      setBad(expiry !== '');
      second.current.focus();
    }
  };
  return html`<form class="question" onSubmit=${submit}>
    <h3>${t('ask.lot')}</h3>
    ${question.lots.length > 0 && html`<div class="choices">${question.lots.map((one, n) => html`
      <button type="button" key=${one.number} onClick=${() => send({ lot: one.lot, expiry: one.expiry })}>
        <kbd>${n + 1}</kbd> <b class="mono">${one.lot}</b><span>${expiryText(one.expiry)}</span>
        <span class="soft">${t('ask.still_open', { n: count(lotOpen(one)) })}</span></button>`)}</div>`}
    <div class="row end">
      <${Field} label=${t('word.lot')}><input ref=${first} name="lot" value=${lot} autocomplete="off" maxlength="20"
        onInput=${(event) => type(event.target.value.trim())} /></${Field}>
      <${Input} label=${t('ask.expiry')} inputRef=${second} name="expiry" value=${expiry} autocomplete="off"
        placeholder="2027-02-28"
        aria-invalid=${String(expiry !== '' && !date)} onText=${(text) => { setExpiry(text); setBad(false); }} />
      <button class="primary" disabled=${act.busy}>${t('ask.post')} <kbd>Enter</kbd></button>
    </div>
    ${entry.remember && !namesEveryBox(codeOf(entry.request)) && html`<${Check} label=${t('ask.remember_lot')} small=${true}
      checked=${rememberLot} onCheck=${setRememberLot} />`}
    ${sure && html`<${Notice} meaning="look"><p>${chosen ? t('ask.lot_sure', { n: sure, lot: chosen.lot })
      : t('ask.lot_short', { n: sure })}</p></${Notice}>`}
    ${desk.quantity > 1 && html`<p class="small look">${t('ask.next_quantity', { n: desk.quantity })}</p>`}
    ${isBad && html`<p class="small stopped" role="alert">${t('ask.expiry_bad', { expiry })}</p>`}
    <p class="small soft">${date ? expiryText(date) : t('ask.expiry_forms')} · ${t('ask.later')}</p>
    <${Problem} error=${act.error} />
  </form>`;
}
