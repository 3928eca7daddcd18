// Shipments to receive: choose one, then its lines tick off; done when all are green.
import { html } from '/vendor/preact.js';
import { Icon } from '../parts/icon.js';
import { Badge, Empty, Notice, Problem } from '../parts/notice.js';
import { lineName } from '../parts/order_sheet.js';
import { Table } from '../parts/table.js';
import { age, beside, count, expiryText } from '../lib/format.js';
import { t } from '../lib/text.js';
import { lineOpen, openOf } from './shipments.js';

function LineState({ line }) {
  const open = lineOpen(line);
  if (open <= 0) return html`<${Badge} meaning="done">${t('receive.complete')}</${Badge}>`;
  return html`<${Badge}>${t('receive.missing', { n: count(open) })}</${Badge}>`;
}

const columns = () => [
  { key: 'name', label: t('word.product'), lead: true,
    cell: (line) => html`<b>${lineName(line)}</b> <span class="soft">${beside(lineName(line), line.strength)}</span>` },
  { key: 'lot', label: t('word.lot'),
    cell: (line) => (line.shipments ?? []).map((one) => html`<div key=${one.number} class="small">
    <span class="mono">${one.lot}</span> <span class="soft">${expiryText(one.expiry)}</span></div>`) },
  { key: 'received', label: t('receive.received'), right: true,
    cell: (line) => `${count(line.received ?? 0)} / ${count(line.shipped ?? line.quantity)}` },
  { key: 'state', label: t('word.state'), cell: (line) => html`<${LineState} line=${line} />` },
];

function Choice({ order, chosen, onChoose }) {
  const open = openOf(order);
  return html`<button class="shipment" aria-pressed=${String(chosen)} onClick=${onChoose}>
    <${Icon} name=${open > 0 ? 'truck' : 'done'} />
    <span class="grow"><b>${order.supplier?.name}</b>
      <span class="soft small">${t('receive.order',
        { id: order.id })} · ${age(order.changed_at ?? order.placed_at)}</span></span>
    <span class="small">${open > 0 ? t('receive.missing', { n: count(open) }) : t('receive.complete')}</span>
  </button>`;
}

export function Shipments({ desk }) {
  const { orders, chosen, error } = desk.shipments;
  const current = desk.shipments.current();
  return html`<section class="stack" aria-label=${t('receive.title')}>
    <h2>${t('receive.title')}</h2>
    <${Problem} error=${error} retry=${() => desk.shipments.load()} />
    ${!orders && !error && html`<span class="skeleton">…</span>`}
    ${orders?.length === 0 && html`<${Empty} title=${t('receive.none')}>${t('receive.none_how')}</${Empty}>`}
    <div class="shipments">${(orders ?? []).map((order) => html`<${Choice} key=${order.id} order=${order}
      chosen=${order.id === chosen}
      onChoose=${() => desk.chooseShipment(order.id)} />`)}</div>
    ${orders?.length > 0 && !current && html`<p class="soft small">${t('receive.choose')}</p>`}
    ${current && openOf(current) <= 0 && html`<${Notice} meaning="done"><p>${t('receive.all_done')}</p></${Notice}>`}
    ${current && html`<${Table} columns=${columns()} rows=${current.lines} rowKey="line" label=${t('receive.title')}
      rowClass=${(line) => (lineOpen(line) <= 0 ? 'ticked' : '')} />`}
  </section>`;
}
