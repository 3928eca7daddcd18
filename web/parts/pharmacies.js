// The pharmacies this user may see, loaded once: for names in the reader's
// language and for the filter.
import { html, useEffect, useState } from '/vendor/preact.js';
import { Choice } from './field.js';
import { getAll } from '../lib/api.js';
import { keep } from '../lib/store.js';
import { nameOf, t } from '../lib/text.js';

const KEPT = 'yaoku.pharmacy'; // the only one of who is signed in, for a start without the line
let asked = null;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? [];
  } catch {
    return [];
  }
}

async function load() {
  const { items } = await getAll('/pharmacies', {});
  if (items.length === 1) keep(KEPT, JSON.stringify(items));
  return items;
}

export function usePharmacies() {
  const [items, setItems] = useState([]);
  useEffect(() => {
    let current = true;
    asked ??= load().catch(() => { asked = null; return kept(); });
    asked.then((list) => current && setItems(list));
    return () => { current = false; };
  }, []);
  const name = (id, fallback = '') => nameOf(items.find((one) => String(one.id) === String(id))) || fallback;
  return { items, name };
}

// Another person may sign in at this browser and see other pharmacies.
export function forgetPharmacies() {
  asked = null;
  localStorage.removeItem(KEPT);
}

// `none` is what the empty choice says.
export function PharmacyFilter({ user, value, onChange, none = t('filter.all_pharmacies') }) {
  const { items } = usePharmacies();
  if (user.pharmacy_id) return null;
  const options = items.map((one) => [one.id, nameOf(one)]);
  return html`<${Choice} label=${t('word.pharmacy')} wide=${true} value=${value}
    options=${[['', none], ...options]} onChange=${onChange} />`;
}
