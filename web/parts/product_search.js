// Search for a product by name, maker, approval number or code; arrows and Enter choose.
// Enter takes what the arrows marked, or the first that fits two letters or a whole
// code: a quantity typed here by habit must choose nothing.
import { html, useEffect, useRef, useState } from '/vendor/preact.js';
import { Problem } from './notice.js';
import { Field } from './field.js';
import { nameOfProduct } from './products.js';
import { get } from '../lib/api.js';
import { beside } from '../lib/format.js';
import { useLater, useLoad } from '../lib/load.js';
import { t } from '../lib/text.js';

const MOST = 8;

export function productLine(product) {
  const name = nameOfProduct(product);
  return [beside(name, product.strength), beside(name, product.form), product.maker].filter(Boolean).join(' · ');
}

const isTelling = (text) => (text.match(/\p{L}/gu) ?? []).length >= 2 || /^(\d{8}|\d{12,14})$/.test(text);

// onNumber(text, isEntered), where given, is asked first: true when it took what was typed.
export function ProductSearch({ onChoose, onNumber, label, autofocus, beside, inputRef }) {
  const [text, setText] = useState('');
  const [arrow, setArrow] = useState(-1);
  const own = useRef(null);
  const input = inputRef ?? own;
  const search = useLater(text.trim(), 150);
  const { data, error } = useLoad(
    async (signal) => (search === '' ? { items: [], search }
      : { ...await get('/products', { search, limit: MOST }, signal), search }), [search],
  );
  const items = data?.items ?? [];
  const isFresh = data?.search === text.trim();
  const at = arrow < 0 && isFresh && isTelling(search) ? 0 : arrow;
  useEffect(() => { if (autofocus) input.current.focus(); }, []);
  useEffect(() => setArrow(-1), [data]);

  const choose = (product) => {
    setText('');
    onChoose(product);
  };

  const type = (value) => setText(onNumber?.(value, false) ? '' : value);

  const move = (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setArrow(Math.max(0, Math.min(items.length - 1, at + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (arrow < 0 && onNumber?.(text.trim(), true)) setText('');
      else if (items[at]) choose(items[at]);
    }
  };

  return html`<div class="tight">
    <${Field} label=${label} wide=${true}>
      <input ref=${input} name="product-search" type="search" role="combobox"
        aria-expanded=${String(items.length > 0)} aria-controls="product-options"
        aria-activedescendant=${items[at] ? `product-${items[at].id}` : ''} autocomplete="off" value=${text}
        onInput=${(event) => type(event.target.value)} onKeyDown=${move} />
    </${Field}>
    <ul class="options" id="product-options" role="listbox" aria-label=${label}>
      ${items.map((product,
        n) => html`<li key=${product.id} id=${`product-${product.id}`} role="option" aria-selected=${String(n === at)}
          onClick=${() => choose(product)}>
        <div class="grow"><b>${nameOfProduct(product)}</b><span class="soft small">${productLine(product)}</span></div>
        ${beside?.(product)}
      </li>`)}
    </ul>
    ${search !== '' && data && items.length === 0 && html`<p class="soft small">${t('search.none')}</p>`}
    <${Problem} error=${error} />
  </div>`;
}
