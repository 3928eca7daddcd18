// Orders of the pharmacies: open, overdue, on their way; cancel with a reason.
import { html, useMemo } from '/vendor/preact.js';
import { Check, Choice } from '../parts/field.js';
import { Badge, Empty, Problem } from '../parts/notice.js';
import { PageTools } from '../parts/page_tools.js';
import { PharmacyFilter, usePharmacies } from '../parts/pharmacies.js';
import { StatusBadge } from '../parts/order_sheet.js';
import { useSuppliers } from '../parts/suppliers.js';
import { useNames } from '../parts/products.js';
import { Table } from '../parts/table.js';
import { getAll } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { age, count, money, when } from '../lib/format.js';
import { changeQuery } from '../lib/router.js';
import { t, word } from '../lib/text.js';
import { OrderPage } from './order.js';

const STATUSES = ['open', 'confirmed', 'shipped', 'received', 'declined', 'cancelled'];

const UNFINISHED = ['open', 'confirmed', 'shipped'];

const columns = (pharmacyName, supplierName) => [
  { key: 'id', label: t('order.number'), lead: true,
    cell: (row) => html`<a href=${`#/orders/${row.id}`}>${t('order.title', { id: row.id })}</a>` },
  pharmacyName
    && { key: 'pharmacy_name', label: t('word.pharmacy'),
      cell: (row) => pharmacyName(row.pharmacy_id, row.pharmacy_name) },
  { key: 'supplier_name', label: t('word.supplier'), value: (row) => supplierName(row.supplier_id) || row.supplier_name },
  { key: 'status', label: t('word.state'), cell: (row) => html`<span class="row"><${StatusBadge} status=${row.status} />
    ${row.overdue && html`<${Badge} meaning="stopped">${t('order.overdue')}</${Badge}>`}</span>` },
  { key: 'placed_at', label: t('order.placed'), shy: true,
    cell: (row) => html`${when(row.placed_at)} ${UNFINISHED.includes(row.status)
      && html`<span class="soft">${age(row.placed_at)}</span>`}` },
  { key: 'lines', label: t('order.lines'), right: true, cell: (row) => count(row.lines) },
  { key: 'value', label: t('word.value'), right: true, cell: (row) => money(row.value) },
].filter(Boolean);

function OrderList({ user, query }) {
  const { items: pharmacies, name } = usePharmacies();
  const suppliers = useSuppliers();
  const names = useNames();
  const pharmacy = user.pharmacy_id ?? query.pharmacy_id;
  const status = query.status ?? 'open';
  const asked = { pharmacy_id: pharmacy, status: status === 'all' ? undefined : status, overdue: query.overdue };
  const { data, error, loading, reload } = useLoad((signal) => getAll('/orders', asked, { signal, most: 2000 }),
    Object.values(asked));
  const shape = useMemo(() => columns(user.pharmacy_id ? null : name, suppliers.name),
    [pharmacies, suppliers.items, names]);
  return html`<main class="page" id="main">
    <div class="page-head"><h1>${t('page.orders')}</h1><${PageTools} path="/orders" query=${asked} /></div>
    <div class="filters">
      <${PharmacyFilter} user=${user} value=${pharmacy} onChange=${(id) => changeQuery({ pharmacy_id: id })} />
      <${Choice} label=${t('word.state')} value=${status} onChange=${(value) => changeQuery({ status: value })}
        options=${[...STATUSES.map((one) => [one, word('status', one)]), ['all', t('filter.any')]]} />
      <${Check} label=${t('order.only_overdue')} checked=${query.overdue === 'true'}
        onCheck=${(on) => changeQuery({ overdue: on ? 'true' : '' })} />
    </div>
    <${Problem} error=${error} retry=${reload} />
    <${Table} columns=${shape} rows=${data?.items} loading=${loading} sortable=${true} 
      defaultSort=${UNFINISHED.includes(status) ? 'placed_at' : '-placed_at'}
      label=${t('page.orders')}
      empty=${html`<${Empty} title=${t('order.none')}>${t('order.none_how')}</${Empty}>`} />
  </main>`;
}

export function OrdersPage({ user, route }) {
  const id = route.parts[1];
  return id
    ? html`<${OrderPage} key=${id} id=${id} user=${user} />` : html`<${OrderList} user=${user} query=${route.query} />`;
}
