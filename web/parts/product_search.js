// Search for a product by name, maker, approval number or code; arrows and Enter choose.
import { html, useEffect, useRef, useState } from '/vendor/preact.js';
import { Problem } from './notice.js';
import { Field } from './field.js';
import { get } from '../lib/api.js';
import { beside } from '../lib/format.js';
import { useLater, useLoad } from '../lib/load.js';
import { nameOf, t } from '../lib/text.js';

const MOST = 8;

export const productLine = (product) => [beside(product.name, product.strength), beside(product.name, product.form),
  product.maker].filter(Boolean).join(' · ');

export function ProductSearch({ onChoose, label, autofocus, beside }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const input = useRef(null);
  const search = useLater(text.trim(), 150);
  const { data, error } = useLoad(
    (signal) => (search === '' ? { items: [] } : get('/products', { search, limit: MOST }, signal)), [search],
  );
  const items = data?.items ?? [];
  useEffect(() => { if (autofocus) input.current.focus(); }, []);
  useEffect(() => setAt(0), [data]);

  const choose = (product) => {
    setText('');
    onChoose(product);
  };

  const move = (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt(Math.max(0, Math.min(items.length - 1, at + step)));
    } else if (event.key === 'Enter' && items[at]) {
      event.preventDefault();
      choose(items[at]);
    }
  };

  return html`<div class="tight">
    <${Field} label=${label} wide=${true}>
      <input ref=${input} name="product-search" type="search" role="combobox"
        aria-expanded=${String(items.length > 0)} aria-controls="product-options"
        aria-activedescendant=${items[at] ? `product-${items[at].id}` : ''} autocomplete="off" value=${text}
        onInput=${(event) => setText(event.target.value)} onKeyDown=${move} />
    </${Field}>
    <ul class="options" id="product-options" role="listbox" aria-label=${label}>
      ${items.map((product,
        n) => html`<li key=${product.id} id=${`product-${product.id}`} role="option" aria-selected=${String(n === at)}
          onClick=${() => choose(product)}>
        <div class="grow"><b>${nameOf(product)}</b><span class="soft small">${productLine(product)}</span></div>
        ${beside?.(product)}
      </li>`)}
    </ul>
    ${search !== '' && data && items.length === 0 && html`<p class="soft small">${t('search.none')}</p>`}
    <${Problem} error=${error} />
  </div>`;
}
