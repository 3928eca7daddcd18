// Shipping: every line names its lots, typed here, pasted from a spreadsheet or
// read from a CSV file.
import { html, useRef, useState } from '/vendor/preact.js';
import { Input } from '../parts/field.js';
import { Problem } from '../parts/notice.js';
import { lineName } from '../parts/order_sheet.js';
import { post } from '../lib/api.js';
import { useAct } from '../lib/load.js';
import { beside, count, readDate } from '../lib/format.js';
import { t } from '../lib/text.js';
import { isComplete, readLots, templateOf, wantedOf } from './lots.js';

const emptyRows = (order) => order.lines.map((line) => ({ line: line.line, lot: '', expiry: '',
  quantity: String(wantedOf(line)) }));
const isBlank = (row) => row.lot.trim() === '' && row.expiry.trim() === '';

function LotRow({ row, name, onChange, onMore, onRemove }) {
  const typed = (key) => (event) => onChange({ ...row, [key]: event.target.value });
  return html`<fieldset class="lot-row">
    <legend class="hidden-words">${name}</legend>
    <label class="field"><span>${t('word.lot')}</span><input name="lot" maxlength="20" autocomplete="off"
      value=${row.lot} onInput=${typed('lot')} /></label>
    <label class="field"><span>${t('ask.expiry')}</span><input name="expiry" placeholder="2027-02-28"
      autocomplete="off" value=${row.expiry}
      aria-invalid=${String(row.expiry !== '' && !readDate(row.expiry))} onInput=${typed('expiry')} /></label>
    <label class="field"><span>${t('word.quantity')}</span><input name="quantity" class="number" inputmode="numeric"
      value=${row.quantity} onInput=${typed('quantity')} /></label>
    <button type="button" class="quiet" onClick=${onMore}>${t('ship.more_lots')}</button>
    ${onRemove && html`<button type="button" class="quiet" onClick=${onRemove}>${t('ship.remove')}</button>`}
  </fieldset>`;
}

function Line({ line, rows, change, add, remove }) {
  const total = rows.reduce((sum, { row }) => sum + (isBlank(row) ? 0 : Number(row.quantity) || 0), 0);
  const wanted = wantedOf(line);
  return html`<div class="ship-line">
    <p><b>${line.line}. ${lineName(line)}</b> <span class="soft">${beside(lineName(line), line.strength)}</span>
      <span class=${total === wanted
        ? 'done small' : 'soft small'}> ${t('ship.sum', { n: count(total), wanted: count(wanted) })}</span></p>
    ${rows.map(({ row,
      at }) => html`<${LotRow} key=${at} row=${row} name=${lineName(line)} onChange=${(next) => change(at, next)}
      onMore=${() => add(at, { line: line.line, lot: '', expiry: '', quantity: String(Math.max(0, wanted - total)) })}
      onRemove=${rows.length > 1 ? () => remove(at) : null} />`)}
  </div>`;
}

function Paste({ order, onRows }) {
  const [errors, setErrors] = useState([]);
  const file = useRef(null);
  const read = (text) => {
    const found = readLots(text, order);
    setErrors(found.errors);
    if (found.errors.length === 0 && found.rows.length > 0) onRows(found.rows);
  };
  const template = URL.createObjectURL(new Blob([templateOf(order)], { type: 'text/csv' }));
  return html`<details><summary>${t('ship.paste')}</summary>
    <div class="stack">
      <p class="small soft">${t('ship.paste_how')}</p>
      <textarea name="paste" aria-label=${t('ship.paste')}
        placeholder=${`${order.lines[0]?.line ?? 1},A2403,2027-02-28,${order.lines[0]?.quantity ?? 10}`}
        onInput=${(event) => read(event.target.value)}></textarea>
      <div class="row">
        <button type="button" onClick=${() => file.current.click()}>${t('ship.read_file')}</button>
        <a class="button" href=${template} download=${`lots-${order.id}.csv`}>${t('ship.template')}</a>
        <input ref=${file} class="hidden-words" tabindex="-1" type="file" accept=".csv,text/csv"
          aria-label=${t('ship.read_file')}
          onChange=${async (event) => read(await event.target.files[0].text())} />
      </div>
      ${errors.map((text) => html`<p key=${text} class="stopped small" role="alert">✕ ${text}</p>`)}
    </div></details>`;
}

export function ShipForm({ order, done }) {
  const [rows, setRows] = useState(() => emptyRows(order));
  const [sscc, setSscc] = useState('');
  const act = useAct();
  const used = rows.filter((row) => !isBlank(row));
  const ready = used.length > 0 && used.every(isComplete);
  const short = order.lines.reduce((sum, line) => sum + wantedOf(line),
    0) - used.reduce((sum, row) => sum + (Number(row.quantity) || 0), 0);
  const change = (at, row) => setRows(rows.map((old, n) => (n === at ? row : old)));
  const add = (at, row) => setRows([...rows.slice(0, at + 1), row, ...rows.slice(at + 1)]);
  const remove = (at) => setRows(rows.filter((_, n) => n !== at));
  const ship = (event) => {
    event.preventDefault();
    act.run(async () => {
      const body = { lines: used.map((row) => ({ line: row.line, lot: row.lot.trim(), expiry: readDate(row.expiry),
        quantity: Number(row.quantity) })) };
      if (sscc.trim()) body.sscc = sscc.trim();
      done(t('supply.shipped'), await post(`/supplier/orders/${order.id}/ship`, body));
    });
  };
  return html`<form class="panel stack" onSubmit=${ship}>
    <h2>${t('supply.ship')}</h2>
    <${Paste} order=${order} onRows=${setRows} />
    ${order.lines.map((line) => html`<${Line} key=${line.line} line=${line} change=${change} add=${add} remove=${remove}
      rows=${rows.map((row, at) => ({ row, at })).filter(({ row }) => row.line === line.line)} />`)}
    <div class="row end">
      <${Input} label=${t('ship.sscc')} name="sscc" inputmode="numeric" maxlength="18" value=${sscc}
        onText=${setSscc} />
      <button class="primary" name="ship" disabled=${act.busy || !ready}>${t('supply.ship_now')}</button>
    </div>
    ${ready && short > 0 && html`<p class="look small">${t('ship.short_effect', { n: count(short) })}</p>`}
    <${Problem} error=${act.error} />
  </form>`;
}
