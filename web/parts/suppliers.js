// The suppliers, for names and for choosing one.
import { html } from '/vendor/preact.js';
import { Choice } from './field.js';
import { getAll } from '../lib/api.js';
import { useLoad } from '../lib/load.js';
import { nameOf, t } from '../lib/text.js';

const NOBODY = []; // the same list each time, so that what depends on it rests

export function useSuppliers() {
  const { data } = useLoad((signal) => getAll('/suppliers', {}, { signal }), []);
  const items = data?.items ?? NOBODY;
  return { items, name: (id) => nameOf(items.find((one) => String(one.id) === String(id))) };
}

export function SupplierFilter({ value, onChange }) {
  const { items } = useSuppliers();
  return html`<${Choice} label=${t('word.supplier')} wide=${true} value=${value} onChange=${onChange}
    options=${[['', t('filter.choose')], ...items.map((one) => [one.id, nameOf(one)])]} />`;
}
