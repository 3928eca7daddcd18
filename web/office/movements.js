// The ledger, newest first: every pack in and out.
import { html } from '/vendor/preact.js';
import { Empty } from '../parts/notice.js';
import { PagedTable } from '../parts/paged.js';
import { PageTools } from '../parts/page_tools.js';
import { PharmacyFilter, usePharmacies } from '../parts/pharmacies.js';
import { productName } from '../parts/products.js';
import { count, when } from '../lib/format.js';
import { changeQuery } from '../lib/router.js';
import { t, word } from '../lib/text.js';

const columns = (pharmacyName) => [
  { key: 'at', label: t('word.time'), shy: true, cell: (row) => when(row.at) },
  pharmacyName && { key: 'pharmacy', label: t('word.pharmacy'), cell: (row) => pharmacyName(row.pharmacy_id) },
  { key: 'name', label: t('word.product'), lead: true, cell: (row) => productName(row.product_id, row.name) },
  { key: 'kind', label: t('word.kind'), cell: (row) => word('movement', row.kind) },
  { key: 'lot', label: t('word.lot'), cell: (row) => html`<span class="mono">${row.lot}</span>` },
  { key: 'expiry', label: t('word.expiry'), shy: true },
  { key: 'quantity', label: t('word.quantity'), right: true,
    cell: (row) => `${row.quantity > 0 ? '+' : ''}${count(row.quantity)}` },
  { key: 'operator', label: t('word.operator'),
    cell: (row) => [row.operator, row.workstation].filter(Boolean).join(' · ') },
  { key: 'reason', label: t('word.reason'), cell: (row) => word('reason', row.reason) },
].filter(Boolean);

export function MovementsPage({ user, route }) {
  const { name } = usePharmacies();
  const pharmacy = user.pharmacy_id ?? route.query.pharmacy_id;
  const query = { pharmacy_id: pharmacy, product_id: route.query.product_id,
    lot: route.query.lot };
  return html`<main class="page" id="main">
    <div class="page-head"><h1>${t('page.movements')}</h1><${PageTools} path="/movements" query=${query} /></div>
    <div class="filters"><${PharmacyFilter} user=${user} value=${pharmacy}
      onChange=${(id) => changeQuery({ pharmacy_id: id })} /></div>
    ${query.lot && html`<p class="small">${t('movements.only_lot', { lot: query.lot })} <button class="quiet"
      onClick=${() => changeQuery({ product_id: '', lot: '' })}>${t('movements.all')}</button></p>`}
    <${PagedTable} path="/movements" query=${query} columns=${columns(user.pharmacy_id ? null : name)}
      label=${t('page.movements')}
      empty=${html`<${Empty} title=${t('movements.none')}>${t('movements.none_how')}</${Empty}>`} />
  </main>`;
}
