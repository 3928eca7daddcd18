// Below the tiles, the two questions behind them; they load after the figures.
import { html, useMemo } from '/vendor/preact.js';
import { Chart } from '../parts/chart.js';
import { productName, useNames } from '../parts/products.js';
import { get } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { today } from '../lib/format.js';
import { linkTo } from '../lib/router.js';
import { t } from '../lib/text.js';
import { REPORTS } from './report_shapes.js';

const SHOWN = 8;

function Question({ name, group, pharmacy }) {
  const report = REPORTS[name];
  const asked = { from: today(-89), to: today(), group_by: group, pharmacy_id: pharmacy };
  const { data, error } = useLoad((signal) => get(`/reports/${name}`, asked, signal), [name, pharmacy]);
  const { key } = report.series();
  const names = useNames();
  const rows = useMemo(() => (data?.items ?? []).filter((row) => group === 'month' || Number(row[key]) > 0)
    .map((row) => (group === 'product' ? { ...row, label: productName(row.key, row.label) } : row))
    .sort((a, b) => (group === 'month' ? 0 : Number(b[key]) - Number(a[key]))).slice(0, SHOWN), [data, names]);
  return html`<section class="panel stack">
    <h2><a href=${linkTo(`/reports/${name}`,
      { group_by: group, pharmacy_id: pharmacy })}>${report.question(group)}</a></h2>
    ${rows.length > 0
      && html`<${Chart} rows=${rows} series=${report.series()} time=${group === 'month'}
        title=${report.question(group)} />`}
    ${!data && !error && html`<span class="skeleton drawing">${t('list.loading')}</span>`}
    ${(error || (data && rows.length === 0)) && html`<p class="soft">${t('report.none')}</p>`}
  </section>`;
}

export function OverviewCharts({ pharmacy }) {
  return html`<div class="halves">
    <${Question} name="turnover" group="month" pharmacy=${pharmacy} />
    <${Question} name="expiry-loss" group="product" pharmacy=${pharmacy} />
  </div>`;
}
