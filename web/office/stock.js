// Stock by lot: what lies where, until when.
import { html, useMemo, useState } from '/vendor/preact.js';
import { Choice, Input } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { Badge, Empty, Problem } from '../parts/notice.js';
import { PageTools } from '../parts/page_tools.js';
import { PharmacyFilter, usePharmacies } from '../parts/pharmacies.js';
import { productName, useNames } from '../parts/products.js';
import { Table } from '../parts/table.js';
import { getAll } from '../lib/api.js';
import { useLater, useLoad } from '../lib/load.js';
import { count, expiryMeaning, expiryText } from '../lib/format.js';
import { changeQuery, linkTo } from '../lib/router.js';
import { t, word } from '../lib/text.js';

const STATES = ['usable', 'quarantined', 'recalled', 'expired', 'in_transit'];
const WITHIN = ['30', '60', '90', '180', '365'];
const MEANING = { usable: 'done', quarantined: 'look', recalled: 'stopped', expired: 'stopped', in_transit: 'waiting' };

const keyOf = (row) => [row.pharmacy_id, row.product_id, row.lot, row.expiry, row.state].join('/');

// A tick at a row chooses it for labels.
const pickColumn = (picked, pick) => ({ key: 'pick', label: '', sort: false,
  cell: (row) => html`<label class="check"><input type="checkbox" checked=${picked.has(keyOf(row))}
    aria-label=${t('label.choose', { name: productName(row.product_id, row.name), lot: row.lot })}
    onChange=${() => pick(row)} /></label>` });

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
  const [picked, setPicked] = useState(new Map()); // key → row
  const pick = (row) => setPicked((old) => {
    const next = new Map(old);
    if (!next.delete(keyOf(row))) next.set(keyOf(row), row);
    return next;
  });
  const shape = useMemo(() => (user.pharmacy_id ? [pickColumn(picked, pick), ...columns(null)] : columns(name)),
    [pharmacies, names, picked]);
  const chosen = JSON.stringify([...picked.values()].map((row) => [row.product_id, row.lot, row.expiry]));
  const total = (rows ?? []).reduce((sum, row) => sum + row.quantity, 0);
  return html`<main class="page" id="main">
    <div class="page-head"><h1>${t('page.stock')}</h1><${PageTools} path="/stock" query=${asked}>
        ${picked.size > 0 && html`<a class="button primary" href=${linkTo('/labels', { rows: chosen })}>
          <${Icon} name="label" /> ${t('label.chosen', { n: picked.size })}</a>`}</${PageTools}></div>
    <${Filters} user=${user} query=${query} pharmacy=${pharmacy} />
    <${Problem} error=${error} retry=${reload} />
    ${rows && html`<p
      class="soft small">${t('stock.sum', { rows: count(rows.length), n: count(total) })} ${data.more
        ? t('list.cut', { n: count(data.items.length) }) : ''}</p>`}
    <${Table} columns=${shape} rows=${rows} loading=${loading} sortable=${true} defaultSort="expiry"
      label=${t('page.stock')}
      rowKey=${keyOf}
      empty=${html`<${Empty} title=${t('stock.none')}>${t('stock.none_how')}</${Empty}>`} />
  </main>`;
}
