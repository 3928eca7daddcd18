// The pharmacies this user may see, loaded once: for names in the reader's
// language and for the filter.
import { html, useEffect, useState } from '/vendor/preact.js';
import { Choice } from './field.js';
import { getAll } from '../lib/api.js';
import { nameOf, t } from '../lib/text.js';

let asked = null;

export function usePharmacies() {
  const [items, setItems] = useState([]);
  useEffect(() => {
    let current = true;
    asked ??= getAll('/pharmacies', {}).then((answer) => answer.items, () => { asked = null; return []; });
    asked.then((list) => current && setItems(list));
    return () => { current = false; };
  }, []);
  const name = (id, fallback = '') => nameOf(items.find((one) => String(one.id) === String(id))) || fallback;
  return { items, name };
}

// Another person may sign in at this browser and see other pharmacies.
export const forgetPharmacies = () => { asked = null; };

// `none` is what the empty choice says.
export function PharmacyFilter({ user, value, onChange, none = t('filter.all_pharmacies') }) {
  const { items } = usePharmacies();
  if (user.pharmacy_id) return null;
  const options = items.map((one) => [one.id, nameOf(one)]);
  return html`<${Choice} label=${t('word.pharmacy')} wide=${true} value=${value}
    options=${[['', none], ...options]} onChange=${onChange} />`;
}
