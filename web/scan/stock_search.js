// "Do we have it?" — a product's lots in this pharmacy.
import { html, useState } from '/vendor/preact.js';
import { Empty, Problem } from '../parts/notice.js';
import { ProductSearch, productLine } from '../parts/product_search.js';
import { nameOfProduct } from '../parts/products.js';
import { getAll } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { count, expiryMeaning, expiryText } from '../lib/format.js';
import { t, word } from '../lib/text.js';

function Lots({ product }) {
  const { data, error } = useLoad((signal) => getAll('/stock', { product_id: product.id }, { signal }), [product.id]);
  const lots = (data?.items ?? []).filter((lot) => lot.quantity > 0)
    .sort((a, b) => (a.expiry < b.expiry ? -1 : 1));
  const usable = lots.filter((lot) => lot.state === 'usable').reduce((sum, lot) => sum + lot.quantity, 0);
  return html`<div class="tight">
    <h2>${nameOfProduct(product)}</h2>
    <p class="soft small">${productLine(product)}</p>
    <${Problem} error=${error} />
    ${data && html`<p
      class="stock-sum"><b>${count(usable)}</b> ${t('unit.pack', { n: usable })} ${t('search.usable')}</p>`}
    ${data && lots.length === 0 && html`<${Empty} title=${t('search.no_stock')}>${t('search.no_stock_how')}</${Empty}>`}
    <table aria-label=${t('search.lots')}>
      <tbody>${lots.map((lot) => html`<tr key=${`${lot.lot}${lot.expiry}${lot.state}`}>
      <td class="mono">${lot.lot}</td>
      <td class=${expiryMeaning(lot.expiry)}>${expiryText(lot.expiry)}</td>
      <td>${lot.state === 'usable' ? '' : word('state', lot.state)}</td>
      <td class="right">${count(lot.quantity)}</td></tr>`)}</tbody></table>
  </div>`;
}

export function StockSearch() {
  const [product, setProduct] = useState(null);
  return html`<div class="stack">
    <${ProductSearch} autofocus=${true} label=${t('search.label')} onChoose=${setProduct} />
    ${product && html`<${Lots} key=${product.id} product=${product} />`}
  </div>`;
}
