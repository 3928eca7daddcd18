// The two reports: a question as title, a chart that answers it, the rows it is
// made of, and what it covers.
import { html, useMemo } from '/vendor/preact.js';
import { Choice, Field } from '../parts/field.js';
import { Empty, Problem } from '../parts/notice.js';
import { PageTools } from '../parts/page_tools.js';
import { PharmacyFilter, usePharmacies } from '../parts/pharmacies.js';
import { Chart } from '../parts/chart.js';
import { productName, useNames } from '../parts/products.js';
import { Table } from '../parts/table.js';
import { get } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { count, today, when } from '../lib/format.js';
import { changeQuery, linkTo } from '../lib/router.js';
import { t, word } from '../lib/text.js';
import { REPORTS } from './report_shapes.js';

const GROUPS = ['month', 'pharmacy', 'product', 'supplier'];

function Filters({ user, asked }) {
  const set = (name) => (value) => changeQuery({ [name]: value });
  return html`<div class="filters">
    <${Choice} label=${t('report.group')} value=${asked.group_by} onChange=${set('group_by')}
      options=${GROUPS.map((one) => [one, word('group', one)])} />
    <${Field} label=${t('report.from')}><input type="date" value=${asked.from}
      onChange=${(event) => set('from')(event.target.value)} /></${Field}>
    <${Field} label=${t('report.to')}><input type="date" value=${asked.to}
      onChange=${(event) => set('to')(event.target.value)} /></${Field}>
    <${PharmacyFilter} user=${user} value=${asked.pharmacy_id} onChange=${set('pharmacy_id')} />
  </div>`;
}

export function ReportsPage({ user, route }) {
  const { query, parts } = route;
  const { items: pharmacies, name: pharmacyName } = usePharmacies();
  const name = REPORTS[parts[1]] ? parts[1] : 'turnover';
  const report = REPORTS[name];
  const asked = {
    from: query.from ?? today(-89), to: query.to ?? today(),
      group_by: GROUPS.includes(query.group_by) ? query.group_by : 'month',
    pharmacy_id: user.pharmacy_id ?? query.pharmacy_id,
  };
  const { data, error, loading, reload } = useLoad(async (signal) => ({
    ...await get(`/reports/${name}`, asked, signal), at: new Date(), group: asked.group_by, name,
  }), [name, ...Object.values(asked)]);
  // Rows of another grouping must not be drawn under the new one's labels.
  const fresh = data?.name === name && data.group === asked.group_by ? data : null;
  const names = useNames();
  const rows = useMemo(() => {
    const nameOfRow = { pharmacy: pharmacyName, product: productName }[asked.group_by];
    return fresh?.items.map((row) => (nameOfRow ? { ...row, label: nameOfRow(row.key, row.label) } : row));
  }, [fresh, pharmacies, names]);
  const columns = useMemo(() => report.columns(word('group', asked.group_by)), [report, asked.group_by, names]);
  const place = asked.pharmacy_id ? pharmacyName(asked.pharmacy_id) : t('filter.all_pharmacies');
  return html`<main class="page" id="main">
    <div class="page-head">
      <div><h1>${t('page.reports')}</h1></div>
      <${PageTools} path=${`/reports/${name}`} query=${asked} />
    </div>
    <nav class="tabs"
      aria-label=${t('page.reports')}>${Object.keys(REPORTS).map((one) => html`<a key=${one} class="button"
      href=${linkTo(`/reports/${one}`, { ...query, sort: undefined })}
        aria-current=${one === name ? 'true' : undefined}>${word('report_name', one)}</a>`)}</nav>
    <${Filters} user=${user} asked=${asked} />
    <${Problem} error=${error} retry=${reload} />
    <section class="panel stack">
      <div><h2>${report.question(asked.group_by)}</h2>
        <p class="soft small">${t('report.covers', { from: asked.from, to: asked.to, place })}${fresh
          ? ` · ${t('list.as_of', { time: when(fresh.at) })}` : ''}</p></div>
      ${rows?.length > 0
        && html`<${Chart} rows=${rows} series=${report.series()} time=${asked.group_by === 'month'}
          title=${report.question(asked.group_by)} />`}
    </section>
    ${rows && html`<p class="soft small">${t('report.rows', { n: count(rows.length) })}</p>`}
    <${Table} columns=${columns} rows=${rows} loading=${loading || (!fresh && !error)} sortable=${true}
      rowKey=${(row) => row.key ?? row.label} label=${word('report_name', name)}
      defaultSort=${asked.group_by === 'month' ? 'label' : report.first}
      empty=${html`<${Empty} title=${t('report.none')}>${t('report.none_how')}</${Empty}>`} />
    <p class="soft small">${report.method()}</p>
  </main>`;
}
