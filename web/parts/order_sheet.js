// One order as a sheet: for the screen and for paper.
import { html } from '/vendor/preact.js';
import { Badge } from './notice.js';
import { productName } from './products.js';
import { Table } from './table.js';
import { beside, count, expiryText, money, when } from '../lib/format.js';
import { t, word } from '../lib/text.js';

const MEANING = { open: 'look', confirmed: 'accent', shipped: 'accent', received: 'done', declined: 'stopped',
  cancelled: '' };

export function StatusBadge({ status }) {
  return html`<${Badge} meaning=${MEANING[status] ?? ''}>${word('status', status)}</${Badge}>`;
}

// Base units, and what they are in the supplier's packing.
export function orderedText(line) {
  const packs = line.quantity / (line.units_per_order_unit || 1);
  const base = `${count(line.quantity)} ${t('unit.pack', { n: line.quantity })}`;
  return line.units_per_order_unit > 1
    ? html`<span>${base} <span class="soft small">= ${count(packs)} ${line.order_unit}</span></span>` : base;
}

const lineValue = (line) => Number(line.unit_price ?? 0) * line.quantity;
export const orderValue = (order) => order.lines.reduce((sum, line) => sum + lineValue(line), 0);

export const lineName = (line) => productName(line.product_id, line.name);

const columns = (order) => {
  const later = order.status !== 'open' && order.status !== 'cancelled';
  const any = (name) => later && order.lines.some((line) => line[name] !== null && line[name] !== undefined);
  return [
    { key: 'line', label: '#', right: true, wide: true },
    { key: 'name', label: t('word.product'), lead: true,
      cell: (line) => html`<div><b>${lineName(line)}</b> <span class="soft">${beside(lineName(line), line.strength)}</span>
      <div class="soft small">${line.maker} · <span class="mono">${line.gtin}</span></div></div>` },
    { key: 'quantity', label: t('order.ordered'), right: true, cell: orderedText },
    any('confirmed')
      && { key: 'confirmed', label: t('order.confirmed'), right: true, cell: (line) => count(line.confirmed) },
    any('promised_on')
      && { key: 'promised_on', label: t('order.promised'), shy: true, cell: (line) => line.promised_on ?? '' },
    any('shipped') && { key: 'shipped', label: t('order.shipped'), right: true, cell: (line) => count(line.shipped) },
    any('received')
      && { key: 'received', label: t('order.received'), right: true, cell: (line) => count(line.received) },
    order.lines.some((line) => line.shipments?.length)
      && { key: 'lots', label: t('order.lots'),
        cell: (line) => (line.shipments ?? []).map((one) => html`<div key=${one.number} class="small">
      <span class="mono">${one.lot}</span> ${expiryText(one.expiry)} ×${count(one.quantity)}</div>`) },
    { key: 'unit_price', label: t('order.price'), right: true, cell: (line) => money(line.unit_price) },
    { key: 'value', label: t('word.value'), right: true, cell: (line) => money(lineValue(line)) },
  ].filter(Boolean);
};

export function OrderSheet({ order }) {
  return html`<div class="stack">
    <dl class="facts">
      <div><dt>${t('word.pharmacy')}</dt><dd><b>${order.pharmacy?.name}</b><br /><span
        class="soft">${order.pharmacy?.address ?? ''}</span></dd></div>
      ${order.supplier && html`<div><dt>${t('word.supplier')}</dt><dd><b>${order.supplier.name}</b></dd></div>`}
      <div><dt>${t('order.placed')}</dt><dd>${when(order.placed_at)}</dd></div>
      <div><dt>${t('word.state')}</dt><dd><${StatusBadge} status=${order.status} /> <span
        class="soft small">${t('order.revision', { n: order.revision })}</span></dd></div>
      ${order.sscc && html`<div><dt>SSCC</dt><dd class="mono">${order.sscc}</dd></div>`}
      ${order.reason && html`<div><dt>${t('word.reason')}</dt><dd>${order.reason}</dd></div>`}
      <div><dt>${t('word.value')}</dt><dd><b>${money(orderValue(order))}</b></dd></div>
    </dl>
    <${Table} columns=${columns(order)} rows=${order.lines} rowKey="line" label=${t('order.lines')} />
  </div>`;
}
