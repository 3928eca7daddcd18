// "Which product is this?" — asked once for an unknown code, then remembered.
import { html, useState } from '/vendor/preact.js';
import { Check } from '../parts/field.js';
import { Problem } from '../parts/notice.js';
import { ProductSearch } from '../parts/product_search.js';
import { useAct } from '../lib/load.js';
import { t } from '../lib/text.js';
import { readEntry, starred } from './code.js';
import { isFieldEmpty } from './scan_field.js';

export function ProductQuestion({ desk, entry, done }) {
  const [remember, setRemember] = useState(true);
  const act = useAct();
  const choose = async (product) => {
    let after = null;
    const ok = await act.run(async () => { after = await desk.bind(entry.id, { product_id: product.id, remember },
      product); });
    // The product is known now, its lot may not be: then the next question follows.
    if (ok && after?.outcome !== 'held') done();
  };
  // Digits are the quantity of the next scan, as in the scan field.
  const takeNumber = (text, isEntered) => {
    const entry = readEntry(text);
    const quantity = starred(text) ?? (isEntered && entry.code === '' ? entry.quantity : null);
    if (quantity) desk.change({ quantity });
    return Boolean(quantity);
  };
  return html`<div class="question">
    <h3>${t('ask.product')}</h3>
    <${ProductSearch} autofocus=${isFieldEmpty()} onChoose=${choose} onNumber=${takeNumber}
      label=${t('ask.product_search')} />
    ${desk.quantity > 1 && html`<p class="small look">${t('ask.next_quantity', { n: desk.quantity })}</p>`}
    <${Check} label=${t('ask.remember')} small=${true} checked=${remember} onCheck=${setRemember} />
    <p class="small soft">${t('ask.later')}</p>
    <${Problem} error=${act.error} />
  </div>`;
}
