// Confirming: all of it with one key, or part of it line by line.
import { html, useState } from '/vendor/preact.js';
import { Field, Input } from '../parts/field.js';
import { Problem } from '../parts/notice.js';
import { lineName } from '../parts/order_sheet.js';
import { post } from '../lib/api.js';
import { useAct } from '../lib/load.js';
import { count, today } from '../lib/format.js';
import { t } from '../lib/text.js';

export function ConfirmForm({ order, done, decline }) {
  const [quantities,
    setQuantities] = useState(() => Object.fromEntries(order.lines.map((line) => [line.line, String(line.quantity)])));
  const [promised, setPromised] = useState(today(1));
  const [part, setPart] = useState(false);
  const act = useAct();
  const missing = order.lines.reduce((sum, line) => sum + line.quantity - Number(quantities[line.line]), 0);
  // The service takes no line of 0, and one that is not named stays expected.
  const fits = order.lines.every((line) => /^[1-9]\d*$/.test(quantities[line.line])
    && Number(quantities[line.line]) <= line.quantity);
  const confirm = (event) => {
    event.preventDefault();
    act.run(async () => {
      const lines = order.lines.map((line) => ({ line: line.line, quantity: Number(quantities[line.line]),
        promised_on: promised }));
      done(t('supply.confirmed'), await post(`/supplier/orders/${order.id}/confirm`, { lines }));
    });
  };
  return html`<form class="panel stack" onSubmit=${confirm}>
    <h2>${t('supply.confirm')}</h2>
    <div class="row end">
      <${Input} label=${t('order.promised')} type="date" name="promised" required value=${promised} min=${today()}
        onText=${setPromised} />
      <button class="primary" name="confirm"
        disabled=${act.busy || !fits}>${missing > 0
          ? t('supply.confirm_part', { n: count(missing) }) : t('supply.confirm_all')}</button>
      <button type="button" aria-expanded=${String(part)}
        onClick=${() => setPart(!part)}>${t('supply.change_quantities')}</button>
      <button type="button" class="stop" onClick=${decline}>${t('supply.decline')}</button>
    </div>
    ${part && html`<div
      class="filters">${order.lines.map((line) => html`<${Field} key=${line.line}
        label=${`${line.line}. ${lineName(line)} ≤ ${count(line.quantity)}`}>
      <input class="number" inputmode="numeric" value=${quantities[line.line]}
        aria-invalid=${String(!(Number(quantities[line.line]) > 0 && Number(quantities[line.line]) <= line.quantity))}
        onInput=${(event) => setQuantities({ ...quantities, [line.line]: event.target.value })} /></${Field}>`)}</div>`}
    ${!fits && html`<p class="stopped small" role="alert">${t('supply.confirm_whole')}</p>`}
    ${fits && missing > 0 && html`<p class="look small">${t('supply.short_effect')}</p>`}
    <${Problem} error=${act.error} />
  </form>`;
}
