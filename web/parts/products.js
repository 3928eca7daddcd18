// Names of products in the reader's language. The rows of lists carry the name on
// the pack alone; for English the products are read once, when a name is wanted, and say theirs.
import { useEffect, useReducer, useRef } from '/vendor/preact.js';
import { getAll } from '../lib/api.js';
import { currentLanguage, onLanguage } from '../lib/text.js';

const MOST = 20_000;
const listeners = new Set();
const english = new Map(); // product id → name and strength
let asked = null;

const englishOf = (product) => [product.name_en, product.strength].filter(Boolean).join(' ');

async function learn() {
  const { items } = await getAll('/products', {}, { most: MOST });
  for (const product of items) if (product.name_en) english.set(String(product.id), englishOf(product));
  listeners.forEach((tell) => tell());
}

// The first name that is wanted in English asks for all of them, not the page's start.
export function productName(id, name) {
  if (currentLanguage() !== 'en' || !id) return name || '';
  asked ??= learn().catch(() => { asked = null; });
  return english.get(String(id)) ?? (name || '');
}

// A product as the service describes it, which says both names itself.
export const nameOfProduct = (product) => (currentLanguage() === 'en' && product.name_en
  ? englishOf(product) : product.name);

// Another object whenever names read differently, for what is computed once. Draws
// its component again then.
export function useNames() {
  const turn = useRef({});
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    const tell = () => { turn.current = {}; redraw(); };
    const off = onLanguage(tell);
    listeners.add(tell);
    return () => { off(); listeners.delete(tell); };
  }, []);
  return turn.current;
}
