// The rows that labels are made of: a product, with its place or with its lot, each
// with the number of copies.
import { html } from '/vendor/preact.js';
import { Empty } from '../parts/notice.js';
import { nameOfProduct } from '../parts/products.js';
import { Table } from '../parts/table.js';
import { readDate } from '../lib/format.js';
import { t } from '../lib/text.js';

let made = 0;
export const newRow = (product, lot = '', expiry = '') => {
  made += 1;
  return { key: made, product, lot, expiry: expiry ?? '', place: '', packs: '1', copies: '1' };
};

const MOST_COPIES = 500;
const MOST_PACKS = 9999; // what scans count

const whole = (text, most) => (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most ? Number(text) : null);

// Whole numbers within their limits, else null: what cannot be is said, never changed.
export const copiesOf = (row) => whole(row.copies, MOST_COPIES);
export const packsOf = (row) => whole(row.packs, MOST_PACKS);

// What is missing or cannot be in a row, as words of label_wrong.
export function wrongIn(row, kind) {
  const isRepacked = kind === 'repacked';
  return [isRepacked && row.lot === '' && 'lot', isRepacked && !readDate(row.expiry) && 'expiry',
    isRepacked && !packsOf(row) && 'packs', !copiesOf(row) && 'copies'].filter(Boolean);
}

function cell(name, change, rest = {}) {
  return (row) => html`<input ...${rest} name=${name} aria-label=${t(`label.${name}`)} value=${row[name]} autocomplete="off"
    onInput=${(event) => change(row, { [name]: event.target.value.trim() })} />`;
}

const NUMBER = { class: 'number', inputmode: 'numeric' };

const columns = (kind, change, remove) => [
  { key: 'name', label: t('word.product'), lead: true, cell: (row) => nameOfProduct(row.product) },
  kind === 'shelf' && { key: 'place', label: t('label.place'), cell: cell('place', change, { maxlength: 40 }) },
  kind === 'repacked' && { key: 'lot', label: t('label.lot'), cell: cell('lot', change, { maxlength: 20 }) },
  kind === 'repacked' && { key: 'expiry', label: t('label.expiry'),
    cell: (row) => cell('expiry', change, { placeholder: '2027-02-28',
      'aria-invalid': String(row.expiry !== '' && !readDate(row.expiry)) })(row) },
  kind === 'repacked' && { key: 'packs', label: t('label.packs_in'), cell: (row) => cell('packs', change, { ...NUMBER, 'aria-invalid': String(!packsOf(row)) })(row) },
  { key: 'copies', label: t('label.copies'), right: true, 
    cell: (row) => cell('copies', change, { ...NUMBER, 'aria-invalid': String(!copiesOf(row)) })(row) },
  { key: 'remove', label: '', cell: (row) => html`<button onClick=${() => remove(row)}>${t('label.remove')}</button>` },
].filter(Boolean);

export function Rows({ kind, rows, setRows }) {
  const change = (row, changes) => setRows(rows.map((one) => (one.key === row.key ? { ...one, ...changes } : one)));
  const remove = (row) => setRows(rows.filter((one) => one.key !== row.key));
  return html`<${Table} columns=${columns(kind, change, remove)} rows=${rows} rowKey="key" label=${t('label.rows')}
    empty=${html`<${Empty} title=${t('label.none')}>${t('label.none_how')}</${Empty}>`} />`;
}
