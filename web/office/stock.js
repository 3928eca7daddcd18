// Stock by lot: what lies where, until when.
import { html, useMemo } from '/vendor/preact.js';
import { Choice, Input } from '../parts/field.js';
import { Badge, Empty, Problem } from '../parts/notice.js';
import { PageTools } from '../parts/page_tools.js';
import { PharmacyFilter, usePharmacies } from '../parts/pharmacies.js';
import { productName, useNames } from '../parts/products.js';
import { Table } from '../parts/table.js';
import { getAll } from '../lib/api.js';
import { useLater, useLoad } from '../lib/load.js';
import { count, expiryMeaning, expiryText } from '../lib/format.js';
import { changeQuery } from '../lib/router.js';
import { t, word } from '../lib/text.js';

const STATES = ['usable', 'quarantined', 'recalled', 'expired', 'in_transit'];
const WITHIN = ['30', '60', '90', '180', '365'];
const MEANING = { usable: 'done', quarantined: 'look', recalled: 'stopped', expired: 'stopped', in_transit: 'waiting' };

const columns = (pharmacyName) => [
  { key: 'name', label: t('word.product'), lead: true, value: (row) => productName(row.product_id, row.name) },
  pharmacyName && { key: 'pharmacy', label: t('word.pharmacy'), value: (row) => pharmacyName(row.pharmacy_id) },
  { key: 'lot', label: t('word.lot'), cell: (row) => html`<span class="mono">${row.lot}</span>` },
  { key: 'expiry', label: t('word.expiry'), shy: true,
    cell: (row) => html`<span class=${expiryMeaning(row.expiry)}>${expiryText(row.expiry)}</span>` },
  { key: 'state', label: t('word.state'),
    cell: (row) => html`<${Badge} meaning=${MEANING[row.state]}>${word('state', row.state)}</${Badge}>` },
  { key: 'quantity', label: t('word.quantity'), right: true, cell: (row) => count(row.quantity) },
].filter(Boolean);

function Filters({ user, query, pharmacy }) {
  const set = (name) => (value) => changeQuery({ [name]: value });
  return html`<div class="filters">
    <${PharmacyFilter} user=${user} value=${pharmacy} onChange=${set('pharmacy_id')} />
    <${Input} label=${t('filter.product')} wide=${true} type="search" value=${query.search ?? ''}
      onText=${set('search')} />
    <${Choice} label=${t('word.state')} value=${query.state} onChange=${set('state')}
      options=${[['', t('filter.any')], ...STATES.map((state) => [state, word('state', state)])]} />
    <${Choice} label=${t('filter.expires')} value=${query.expiring_within_days} onChange=${set('expiring_within_days')}
      options=${[['', t('filter.any_time')], ...WITHIN.map((n) => [n, t('filter.within_days', { n })])]} />
  </div>`;
}

export function StockPage({ user, route }) {
  const { query } = route;
  const names = useNames();
  const { items: pharmacies, name } = usePharmacies();
  const pharmacy = user.pharmacy_id ?? query.pharmacy_id;
  const asked = {
    pharmacy_id: pharmacy, state: query.state, expiring_within_days: query.expiring_within_days,
    search: useLater((query.search ?? '').trim(), 250),
  };
  const { data, error, loading, reload } = useLoad((signal) => getAll('/stock', asked, { signal }),
    Object.values(asked));
  const rows = data?.items;
  const shape = useMemo(() => columns(user.pharmacy_id ? null : name), [pharmacies, names]);
  const total = (rows ?? []).reduce((sum, row) => sum + row.quantity, 0);
  return html`<main class="page" id="main">
    <div class="page-head"><h1>${t('page.stock')}</h1><${PageTools} path="/stock" query=${asked} /></div>
    <${Filters} user=${user} query=${query} pharmacy=${pharmacy} />
    <${Problem} error=${error} retry=${reload} />
    ${rows && html`<p
      class="soft small">${t('stock.sum', { rows: count(rows.length), n: count(total) })} ${data.more
        ? t('list.cut', { n: count(data.items.length) }) : ''}</p>`}
    <${Table} columns=${shape} rows=${rows} loading=${loading} sortable=${true} defaultSort="expiry"
      label=${t('page.stock')}
      rowKey=${(row) => [row.pharmacy_id, row.product_id, row.lot, row.expiry, row.state].join('/')}
      empty=${html`<${Empty} title=${t('stock.none')}>${t('stock.none_how')}</${Empty}>`} />
  </main>`;
}
