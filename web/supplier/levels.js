// Published stock levels of what this supplier supplies, the barest shelves first.
import { html, useMemo } from '/vendor/preact.js';
import { Check, Choice, Input } from '../parts/field.js';
import { Badge, Empty, Problem } from '../parts/notice.js';
import { LevelBar } from '../parts/level_bar.js';
import { PageTools } from '../parts/page_tools.js';
import { usePharmacies } from '../parts/pharmacies.js';
import { productName, useNames } from '../parts/products.js';
import { Table } from '../parts/table.js';
import { getAll } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { count, decimal } from '../lib/format.js';
import { changeQuery } from '../lib/router.js';
import { nameOf, t } from '../lib/text.js';

// Days of cover where the service says the demand; else how far the position
// stands between minimum and maximum, which orders the rows the same way round.
export function coverOf(row) {
  if (row.days_of_cover !== undefined && row.days_of_cover !== null) return Number(row.days_of_cover);
  if (Number(row.daily_demand) > 0) return row.position / Number(row.daily_demand);
  return null;
}
const sortCover = (row) => coverOf(row) ?? (row.minimum > 0 ? row.position / row.minimum : row.position);

const columns = (pharmacyName) => [
  { key: 'name', label: t('word.product'), lead: true, value: (row) => productName(row.product_id, row.name),
    cell: (row) => html`<div><b>${productName(row.product_id, row.name)}</b>
      <div class="soft small mono">${row.gtin}</div></div>` },
  { key: 'pharmacy', label: t('word.pharmacy'),
    value: (row) => pharmacyName(row.pharmacy_id, String(row.pharmacy_id)) },
  { key: 'on_hand', label: t('level.on_hand'), right: true, cell: (row) => count(row.on_hand) },
  { key: 'on_order', label: t('level.on_order'), right: true, cell: (row) => count(row.on_order) },
  { key: 'position', label: t('level.position'), cell: (row) => html`<${LevelBar} row=${row} />` },
  { key: 'minimum', label: t('level.minimum'), right: true, cell: (row) => count(row.minimum) },
  { key: 'maximum', label: t('level.maximum'), right: true, cell: (row) => count(row.maximum) },
  { key: 'cover', label: t('level.cover'), right: true, value: sortCover, cell: (row) => (coverOf(row) === null
    ? t('level.cover_times',
      { n: decimal(row.minimum > 0 ? row.position / row.minimum : null) }) : t('level.cover_days',
        { n: decimal(coverOf(row), 0) })) },
  { key: 'preferred', label: t('level.preferred'), value: (row) => Number(row.preferred),
    cell: (row) => row.preferred && html`<${Badge} meaning="done">${t('level.is_preferred')}</${Badge}>` },
];

export function LevelsPage({ route }) {
  const { query } = route;
  const names = useNames();
  const { items: pharmacies, name } = usePharmacies();
  const { data, error, loading,
    reload } = useLoad((signal) => getAll('/supplier/stock', {}, { signal, most: 20_000 }), []);
  const rows = useMemo(() => {
    const wanted = (query.search ?? '').trim().toLowerCase();
    return data?.items.filter((row) => (!query.pharmacy_id || String(row.pharmacy_id) === query.pharmacy_id)
      && `${row.name} ${productName(row.product_id, '')} ${row.gtin}`.toLowerCase().includes(wanted)
        && (query.only !== 'low' || row.position <= row.minimum));
  }, [data, query.search, query.only, query.pharmacy_id, names]);
  const shape = useMemo(() => columns(name), [pharmacies, names]);
  return html`<main class="page" id="main">
    <div class="page-head"><h1>${t('page.levels')}</h1><${PageTools} path="/supplier/stock" query=${{}} /></div>
    <p class="soft">${t('level.what')}</p>
    <div class="filters">
      <${Choice} label=${t('word.pharmacy')} wide=${true} value=${query.pharmacy_id}
        onChange=${(id) => changeQuery({ pharmacy_id: id })}
        options=${[['', t('filter.all_pharmacies')], ...pharmacies.map((one) => [one.id, nameOf(one)])]} />
      <${Input} label=${t('filter.product')} wide=${true} type="search" value=${query.search ?? ''}
        onText=${(search) => changeQuery({ search })} />
      <${Check} label=${t('level.only_low')} checked=${query.only === 'low'}
        onCheck=${(on) => changeQuery({ only: on ? 'low' : '' })} />
    </div>
    <${Problem} error=${error} retry=${reload} />
    ${rows && html`<p class="soft small">${t('list.rows', { n: count(rows.length) })}</p>`}
    <${Table} columns=${shape} rows=${rows} loading=${loading} sortable=${true} defaultSort="cover"
      label=${t('page.levels')}
      rowKey=${(row) => `${row.pharmacy_id}/${row.product_id}`}
      empty=${html`<${Empty} title=${t('level.none')}>${t('level.none_how')}</${Empty}>`} />
  </main>`;
}
