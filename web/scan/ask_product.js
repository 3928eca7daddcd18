// "Which product is this?" — asked once for an unknown code, then remembered.
import { html, useState } from '/vendor/preact.js';
import { Check, Input } from '../parts/field.js';
import { Notice, Problem } from '../parts/notice.js';
import { ProductSearch } from '../parts/product_search.js';
import { useAct } from '../lib/load.js';
import { t } from '../lib/text.js';
import { codeOf, isMangled, isOfCamera, isPlain, readEntry, readUnits, starred } from './code.js';
import { useAnswerFocus } from './scan_field.js';

// Codes of refusals that are about remembering only.
const UNLEARNABLE = ['not_learnable', 'master_code'];

export function ProductQuestion({ desk, entry, done }) {
  const code = codeOf(entry.request);
  const isBent = isMangled(code) && !isOfCamera(entry.request);
  const [remember, setRemember] = useState(!isBent && isPlain(code));
  const [units, setUnits] = useState(''); // base units in what the code stands for
  const search = useAnswerFocus(desk.isUsed);
  const act = useAct();
  const choose = async (product) => {
    let after = null;
    const choice = { product_id: product.id, remember, units: readUnits(units) };
    const ok = await act.run(async () => {
      try {
        after = await desk.bind(entry.id, choice, product);
      } catch (error) {
        if (UNLEARNABLE.includes(error.code)) setRemember(false); // the words say so; choosing again posts it
        throw error;
      }
    });
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
    ${isBent && html`<${Notice} meaning="look"><p class="bent">${t('ask.bent')}${' '}
      <a href="#/setup">${t('workstation.setup')}</a></p></${Notice}>`}
    <h3>${t('ask.product')}</h3>
    <${ProductSearch} inputRef=${search} onChoose=${choose} onNumber=${takeNumber}
      label=${t('ask.product_search')} />
    ${desk.quantity > 1 && html`<p class="small look">${t('ask.next_quantity', { n: desk.quantity })}</p>`}
    <div class="row end">
      <${Check} label=${t('ask.remember')} small=${true} checked=${remember} onCheck=${setRemember} />
      <${Input} label=${t('ask.units')} name="units" class="number" inputmode="numeric" maxlength="5" placeholder="1"
        value=${units} onText=${setUnits} />
    </div>
    <p class="small soft">${t('ask.later')}</p>
    <${Problem} error=${act.error} />
  </div>`;
}
