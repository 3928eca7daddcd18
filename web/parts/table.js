// A list of rows: sort in the address, skeleton while it loads, long lists in steps.
import { html, useEffect, useMemo, useState } from '/vendor/preact.js';
import { changeQuery, useRoute } from '../lib/router.js';
import { t } from '../lib/text.js';

const STEP = 100;

// A column is {key, label, right?, lead?, shy?, wide?, value?(row), cell?(row),
// sort?}: lead heads its card on a telephone, wide is left out there, shy never wraps.
const valueOf = (column, row) => (column.value ? column.value(row) : row[column.key]);

function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  const numbers = [Number(a), Number(b)];
  if (numbers.every(Number.isFinite) && a !== '' && b !== '') return numbers[0] - numbers[1];
  return String(a).localeCompare(String(b), 'zh-CN');
}

export function sortRows(rows, columns, sort) {
  if (!sort) return rows;
  const down = sort.startsWith('-');
  const column = columns.find((one) => one.key === sort.replace(/^-/, ''));
  if (!column) return rows;
  const sorted = [...rows].sort((a, b) => compare(valueOf(column, a), valueOf(column, b)));
  return down ? sorted.reverse() : sorted;
}

function Head({ column, sort, sortable }) {
  const kind = column.right ? 'right' : '';
  if (!sortable || column.sort === false) return html`<th class=${kind} scope="col">${column.label}</th>`;
  const up = sort === column.key;
  const down = sort === `-${column.key}`;
  const state = up ? 'ascending' : down ? 'descending' : 'none';
  return html`<th class=${kind} scope="col" aria-sort=${state}>
    <button onClick=${() => changeQuery({ sort: up ? `-${column.key}` : column.key })}>
      ${column.label}${(up || down) && html`<span aria-hidden="true">${up ? '↑' : '↓'}</span>`}
    </button></th>`;
}

function Cell({ column, row }) {
  const kind = [column.right && 'right', column.lead && 'lead', column.shy && 'shy',
    column.wide && 'wide'].filter(Boolean).join(' ');
  return html`<td class=${kind}
    data-label=${column.label}>${column.cell ? column.cell(row) : valueOf(column, row)}</td>`;
}

function Bones({ columns }) {
  return Array.from({ length: 6 }, (_, n) => html`<tr key=${n}>
    ${columns.map((column) => html`<td key=${column.key} data-label=""><span
      class="skeleton">${t('list.loading')}</span></td>`)}</tr>`);
}

export function Table({ columns, rows, loading, empty, sortable, defaultSort, rowKey = 'id', rowClass, after, label,
  even }) {
  const { query } = useRoute();
  const [shown, setShown] = useState(STEP);
  const sort = sortable ? query.sort ?? defaultSort : null;
  const sorted = useMemo(() => sortRows(rows ?? [], columns, sort), [rows, sort, columns]);
  useEffect(() => setShown(STEP), [sort]);
  const keyOf = typeof rowKey === 'function' ? rowKey : (row) => row[rowKey];
  if (rows && rows.length === 0 && !loading) return empty ?? null;
  if (!rows && loading === false) return null; // they do not come; the page says why
  return html`<div class="stack">
    <div class="table-wrap cards ${even ? 'even' : ''}">
      <table aria-busy=${loading ? 'true' : 'false'} aria-label=${label}>
        <thead><tr>${columns.map((column) => html`<${Head} key=${column.key} column=${column} sort=${sort}
          sortable=${sortable} />`)}</tr></thead>
        <tbody>
          ${rows === null || rows === undefined
            ? html`<${Bones} columns=${columns} />` : sorted.slice(0, shown).map((row) => {
            const extra = after?.(row);
            return [html`<tr key=${keyOf(row)} class=${rowClass?.(row) ?? ''}>
              ${columns.map((column) => html`<${Cell} key=${column.key} column=${column} row=${row} />`)}</tr>`,
            extra && html`<tr key=${`${keyOf(row)}+`} class="after"><td colspan=${columns.length}
              data-label="">${extra}</td></tr>`];
          })}
        </tbody>
      </table>
    </div>
    ${sorted.length > shown && html`<button class="no-print" onClick=${() => setShown(shown + STEP * 5)}>
      ${t('list.more', { shown, n: sorted.length })}</button>`}
  </div>`;
}
