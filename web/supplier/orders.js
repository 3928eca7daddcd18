// Orders for this supplier, oldest first, by day or by pharmacy; the list keeps
// itself new by a waiting poll of the same feed that its system reads.
import { html } from '/vendor/preact.js';
import { Choice } from '../parts/field.js';
import { Badge, Empty, Problem } from '../parts/notice.js';
import { orderValue, StatusBadge } from '../parts/order_sheet.js';
import { PageTools } from '../parts/page_tools.js';
import { Table } from '../parts/table.js';
import { age, clockTime, count, dayOf, money, when } from '../lib/format.js';
import { changeQuery } from '../lib/router.js';
import { t, word } from '../lib/text.js';
import { useFeed } from './feed.js';
import { SupplierOrder } from './order.js';

const STATUSES = ['open', 'confirmed', 'shipped', 'received', 'declined', 'cancelled'];
const LATE_HOURS = 24; // the district answers within a day

const isLate = (order) => order.status === 'open' && Date.now() - Date.parse(order.placed_at) > LATE_HOURS * 3_600_000;
const units = (order) => order.lines.reduce((sum, line) => sum + line.quantity, 0);

const columns = (by) => [
  { key: 'id', label: t('order.number'), lead: true,
    cell: (row) => html`<a href=${`#/supply/${row.id}`}>${t('order.title', { id: row.id })}</a>` },
  by !== 'pharmacy' && { key: 'pharmacy', label: t('word.pharmacy'), cell: (row) => row.pharmacy?.name },
  { key: 'placed_at', label: t('order.placed'), shy: true, cell: (row) => when(row.placed_at) },
  { key: 'age', label: t('order.age'),
    cell: (row) => html`<${Badge} meaning=${isLate(row) ? 'look' : ''}>${age(row.placed_at)}</${Badge}>` },
  { key: 'status', label: t('word.state'), cell: (row) => html`<${StatusBadge} status=${row.status} />` },
  { key: 'lines', label: t('order.lines'), right: true, cell: (row) => count(row.lines.length) },
  { key: 'units', label: t('word.quantity'), right: true, cell: (row) => count(units(row)) },
  { key: 'value', label: t('word.value'), right: true, cell: (row) => money(orderValue(row)) },
].filter(Boolean);

// [[heading, orders], …], the group with the oldest order first.
function groupsOf(orders, by) {
  const sorted = [...orders].sort((a, b) => (a.placed_at < b.placed_at ? -1 : 1));
  const groups = new Map();
  for (const order of sorted) {
    const heading = by === 'pharmacy' ? order.pharmacy?.name : dayOf(order.placed_at);
    groups.set(heading, [...(groups.get(heading) ?? []), order]);
  }
  return [...groups];
}

function OrderList({ query }) {
  const status = query.status ?? 'open';
  const by = query.by ?? 'day';
  const feed = useFeed(status === 'all' ? undefined : status);
  const groups = groupsOf(feed.orders, by);
  return html`<main class="page" id="main">
    <div class="page-head">
      <div><h1>${t('page.supply')}</h1>
        <p class="soft small">${feed.polledAt
          ? t('feed.live', { time: clockTime(feed.polledAt) }) : !feed.error && t('list.loading')}</p></div>
      <${PageTools} path="/supplier/orders" query=${{ status: status === 'all' ? undefined : status }} />
    </div>
    <div class="filters">
      <${Choice} label=${t('word.state')} value=${status} onChange=${(value) => changeQuery({ status: value })}
        options=${[...STATUSES.map((one) => [one, word('status', one)]), ['all', t('filter.any')]]} />
      <${Choice} label=${t('order.group_by')} value=${by} onChange=${(value) => changeQuery({ by: value })}
        options=${[['day', t('order.by_day')], ['pharmacy', t('order.by_pharmacy')]]} />
    </div>
    <${Problem} error=${feed.error} />
    ${feed.loading && !feed.error && feed.orders.length === 0
      && html`<${Table} columns=${columns(by)} rows=${null} loading=${true} />`}
    ${!feed.loading && groups.length === 0 && html`<${Empty} title=${t('feed.none')}>${t('feed.none_how')}</${Empty}>`}
    ${groups.map(([heading, orders]) => html`<section key=${heading} class="stack">
      <h2>${heading} <span class="soft small">${t('feed.orders', { n: orders.length })}</span></h2>
      <${Table} columns=${columns(by)} rows=${orders} even=${true} label=${heading} />
    </section>`)}
  </main>`;
}

export function SupplyPage({ route }) {
  const id = route.parts[1];
  return id ? html`<${SupplierOrder} key=${id} id=${id} />` : html`<${OrderList} query=${route.query} />`;
}
