// Minimum and maximum of each product: the numbers the supplier sees and the
// engine orders by. Each row says in words why it is this number.
import { html, useMemo, useState } from '/vendor/preact.js';
import { Check, Input } from '../parts/field.js';
import { Badge, Empty, Notice, Problem } from '../parts/notice.js';
import { PageTools } from '../parts/page_tools.js';
import { PharmacyFilter, usePharmacies } from '../parts/pharmacies.js';
import { productName, useNames } from '../parts/products.js';
import { Table } from '../parts/table.js';
import { getAll } from '../lib/api.js';
import { useLater, useLoad } from '../lib/load.js';
import { count, decimal } from '../lib/format.js';
import { changeQuery } from '../lib/router.js';
import { t, word } from '../lib/text.js';
import { LevelBar } from '../parts/level_bar.js';
import { ThresholdEditor } from './threshold_editor.js';

const MOST = 1000;
const keyOf = (row) => `${row.pharmacy_id}/${row.product_id}`;
const daysOf = (row) => (Number(row.daily_demand) > 0 ? row.position / Number(row.daily_demand) : null);

const columns = (pharmacyName, open, setOpen) => [
  { key: 'name', label: t('word.product'), lead: true, value: (row) => productName(row.product_id, row.name) },
  pharmacyName && { key: 'pharmacy', label: t('word.pharmacy'), value: (row) => pharmacyName(row.pharmacy_id) },
  { key: 'on_hand', label: t('level.on_hand'), right: true,
    cell: (row) => html`<span class=${row.on_hand > 0 ? '' : 'stopped strong'}>${count(row.on_hand)}</span>` },
  { key: 'on_order', label: t('level.on_order'), right: true, cell: (row) => count(row.on_order) },
  { key: 'bar', label: t('level.position'), sort: false, cell: (row) => html`<${LevelBar} row=${row} />` },
  { key: 'minimum', label: t('level.minimum'), right: true, cell: (row) => count(row.minimum) },
  { key: 'maximum', label: t('level.maximum'), right: true, cell: (row) => count(row.maximum) },
  { key: 'days', label: t('level.days'), right: true, value: daysOf, cell: (row) => decimal(daysOf(row), 0) },
  { key: 'source', label: t('threshold.source'),
    cell: (row) => html`<${Badge}>${word('source', row.source)}</${Badge}>` },
  { key: 'edit', label: '', sort: false, cell: (row) => html`<button aria-expanded=${String(open === keyOf(row))}
    onClick=${() => setOpen(open === keyOf(row) ? null : keyOf(row))}>${t('threshold.why')}</button>` },
].filter(Boolean);

export function ThresholdsPage({ user, route }) {
  const { query } = route;
  const names = useNames();
  const { items: pharmacies, name } = usePharmacies();
  const [open, setOpen] = useState(null);
  const [said, setSaid] = useState(null);
  const pharmacy = user.pharmacy_id ?? query.pharmacy_id;
  const asked = { pharmacy_id: pharmacy, search: useLater(query.search ?? '', 200), product_id: query.product_id };
  const { data, error, loading, reload } = useLoad((signal) => getAll('/thresholds', asked, { signal, most: MOST }),
    Object.values(asked));
  const rows = useMemo(() => (query.only === 'out' ? data?.items.filter((row) => row.on_hand <= 0) : data?.items),
    [data, query.only]);
  const shape = useMemo(() => columns(user.pharmacy_id ? null : name, open, setOpen), [pharmacies, open, names]);
  const saved = (text) => { setSaid(text); setOpen(null); reload(); };
  return html`<main class="page" id="main">
    <div class="page-head"><h1>${t('page.thresholds')}</h1><${PageTools} path="/thresholds" query=${asked} /></div>
    <p class="soft">${t('threshold.what')}</p>
    <div class="filters">
      <${PharmacyFilter} user=${user} value=${pharmacy} onChange=${(id) => changeQuery({ pharmacy_id: id })} />
      <${Input} label=${t('filter.product')} wide=${true} type="search" value=${query.search ?? ''}
        onText=${(search) => changeQuery({ search })} />
      <${Check} label=${t('threshold.only_out')} checked=${query.only === 'out'}
        onCheck=${(on) => changeQuery({ only: on ? 'out' : '' })} />
    </div>
    <${Problem} error=${error} retry=${reload} />
    ${said && html`<${Notice} meaning="done"><p>${said}</p></${Notice}>`}
    ${data?.more && html`<p class="soft small">${t('list.cut', { n: count(data.items.length) })}</p>`}
    <${Table} columns=${shape} rows=${rows} loading=${loading} sortable=${true} rowKey=${keyOf}
      label=${t('page.thresholds')}
      after=${(row) => open === keyOf(row) && html`<${ThresholdEditor} key=${keyOf(row)} row=${row} done=${saved} />`}
      empty=${html`<${Empty} title=${t('threshold.none')}>${t('threshold.none_how')}</${Empty}>`} />
  </main>`;
}
