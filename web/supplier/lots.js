// Lots of a shipment as rows {line, lot, expiry, quantity}: read from a pasted
// table, checked against the order before anything is sent.
import { readDate } from '../lib/format.js';
import { readTable } from '../lib/csv.js';
import { t } from '../lib/text.js';

const NAMES = { line: ['line', '行', '行号'], gtin: ['gtin', '条码'], lot: ['lot', 'batch', '批号'],
  expiry: ['expiry', 'expires', '有效期', '效期'], quantity: ['quantity', 'qty', '数量'] };
const ORDER = ['line', 'lot', 'expiry', 'quantity'];

// The columns as the first row names them; without names, in the usual order.
function headOf(first) {
  const named = first.map((cell) => Object.keys(NAMES).find((key) => NAMES[key].includes(cell.toLowerCase())));
  if (named.includes('lot') && named.includes('quantity')) return { head: named, skip: 1 };
  return { head: ORDER, skip: 0 };
}

function lineFor(row, order) {
  if (row.line) return order.lines.find((line) => String(line.line) === row.line);
  return order.lines.find((line) => row.gtin && line.gtin.padStart(14, '0') === row.gtin.padStart(14, '0'));
}

// {rows, errors: [text]}; a row with an error is not among the rows.
export function readLots(text, order) {
  const cells = readTable(text);
  if (cells.length === 0) return { rows: [], errors: [] };
  const { head, skip } = headOf(cells[0]);
  const rows = [];
  const errors = [];
  cells.slice(skip).forEach((cell, n) => {
    const row = Object.fromEntries(head.map((key, column) => [key, cell[column] ?? '']));
    const line = lineFor(row, order);
    const at = { row: n + 1 + skip };
    if (!line) errors.push(t('lots.no_line', { ...at, line: row.line ?? row.gtin }));
    else if (!row.lot) errors.push(t('lots.no_lot', at));
    else if (!readDate(row.expiry ?? '')) errors.push(t('lots.no_expiry', { ...at, expiry: row.expiry }));
    else if (!/^[1-9]\d*$/.test(row.quantity)) errors.push(t('lots.no_quantity', { ...at, quantity: row.quantity }));
    else rows.push({ line: line.line, lot: row.lot, expiry: readDate(row.expiry), quantity: row.quantity });
  });
  return { rows, errors };
}

export const wantedOf = (line) => line.confirmed ?? line.quantity;

// The order's own lines as a table to fill in.
export function templateOf(order) {
  const rows = order.lines.map((line) => [line.line, line.gtin, `"${line.name.replaceAll('"', '""')}"`, '', '',
    wantedOf(line)].join(','));
  return `\ufeffline,gtin,name,lot,expiry,quantity\r\n${rows.join('\r\n')}\r\n`;
}

export const isComplete = (row) => row.lot.trim() !== '' && readDate(row.expiry) !== null
  && /^[1-9]\d*$/.test(row.quantity);
