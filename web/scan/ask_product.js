// "Which product is this?" — asked once for an unknown code, then remembered.
import { html, useState } from '/vendor/preact.js';
import { Check } from '../parts/field.js';
import { Problem } from '../parts/notice.js';
import { ProductSearch } from '../parts/product_search.js';
import { useAct } from '../lib/load.js';
import { t } from '../lib/text.js';

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
  return html`<div class="question">
    <h3>${t('ask.product')}</h3>
    <${ProductSearch} autofocus=${true} onChoose=${choose} label=${t('ask.product_search')} />
    <${Check} label=${t('ask.remember')} small=${true} checked=${remember} onCheck=${setRemember} />
    <p class="small soft">${t('ask.later')}</p>
    <${Problem} error=${act.error} />
  </div>`;
}
