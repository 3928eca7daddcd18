// Eight figures, each the door to the rows it is made of.
import { html } from '/vendor/preact.js';
import { Icon } from '../parts/icon.js';
import { Problem } from '../parts/notice.js';
import { PharmacyFilter } from '../parts/pharmacies.js';
import { get } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { age, count, decimal, shortMoney, when } from '../lib/format.js';
import { changeQuery, linkTo } from '../lib/router.js';
import { t } from '../lib/text.js';
import { OverviewCharts } from './overview_charts.js';

const meaningIf = (value, meaning) => (Number(value) > 0 ? meaning : 'done');

function turnoverNote(data) {
  if (data.turnover_30d_last_year === null || data.turnover_30d_last_year === undefined) return t('tile.no_last_year');
  return t('tile.last_year', { n: decimal(data.turnover_30d_last_year) });
}

// [name, figure, note, meaning, link]
function tiles(data, pharmacy) {
  const here = { pharmacy_id: pharmacy };
  const to = (path, query = {}) => linkTo(path, { ...here, ...query });
  return [
    ['stock_value', shortMoney(data.stock_value), t('tile.stock_value_note'), '', to('/stock')],
    ['at_risk_value', shortMoney(data.at_risk_value), t('tile.at_risk_note'), meaningIf(data.at_risk_value, 'look'),
      to('/stock', { expiring_within_days: 90, sort: 'expiry' })],
    ['expired_value', shortMoney(data.expired_value), t('tile.expired_note'),
      meaningIf(data.expired_value, 'stopped'), to('/stock', { state: 'expired', sort: 'expiry' })],
    ['turnover', t('tile.per_year', { n: decimal(data.turnover_30d) }), turnoverNote(data), '',
      to('/reports/turnover')],
    ['stock_outs', count(data.stock_outs), t('tile.stock_outs_note'), meaningIf(data.stock_outs, 'stopped'),
      to('/thresholds', { only: 'out' })],
    ['open_orders', count(data.open_orders),
      data.oldest_order_at ? t('tile.oldest', { age: age(data.oldest_order_at) }) : t('tile.none_open'), '',
        to('/orders', { status: 'open', sort: 'placed_at' })],
    ['held_scans', count(data.held_scans), t('tile.held_note'), meaningIf(data.held_scans, 'look'), to('/held')],
    ['recalls', count(data.recalls), t('tile.recalls_note'), meaningIf(data.recalls, 'stopped'),
      to('/stock', { state: 'recalled' })],
  ];
}

function Tile({ tile: [name, figure, note, meaning, link] }) {
  return html`<a class="tile" href=${link}>
    <span class="tile-name">${t(`tile.${name}`)}</span>
    <span class="tile-figure ${meaning === 'done' ? '' : meaning}">${meaning
      && html`<${Icon} name=${meaning} />`}${figure}</span>
    <span class="small soft">${note}</span>
  </a>`;
}

export function OverviewPage({ user, route }) {
  const pharmacy = user.pharmacy_id ?? route.query.pharmacy_id;
  const { data, error, reload } = useLoad(
    async (signal) => ({ figures: await get('/overview', { pharmacy_id: pharmacy }, signal), at: new Date() }),
      [pharmacy],
  );
  return html`<main class="page" id="main">
    <div class="page-head"><h1>${t('page.overview')}</h1>
      <p class="soft small">${data && t('list.as_of', { time: when(data.at) })}</p></div>
    ${!user.pharmacy_id
      && html`<div class="filters"><${PharmacyFilter} user=${user} value=${pharmacy}
        onChange=${(id) => changeQuery({ pharmacy_id: id })} /></div>`}
    <${Problem} error=${error} retry=${reload} />
    <div class="tiles">
      ${data ? tiles(data.figures,
        user.pharmacy_id ? undefined : pharmacy).map((tile) => html`<${Tile} key=${tile[0]} tile=${tile} />`)
        : !error && Array.from({ length: 8 },
          (_, n) => html`<div class="tile" key=${n}><span class="skeleton"></span><span
            class="skeleton tall"></span></div>`)}
    </div>
    ${data && html`<${OverviewCharts} pharmacy=${pharmacy} />`}
  </main>`;
}
