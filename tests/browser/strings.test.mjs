// The two languages have the same keys; every key a page asks for is there, and
// none is left that no page asks for.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const WEB = fileURLToPath(new URL('../../web/', import.meta.url));
// The codes of the contract that must have words.
const CODES = {
  outcome: ['posted', 'replayed', 'held', 'rejected'],
  warning: ['fefo', 'near_expiry', 'lot_assumed', 'unregistered_pack', 'clock_skew'],
  problem: ['unknown_code', 'bad_code', 'lot_required', 'needs_review', 'expired', 'recalled', 'quarantined',
    'insufficient_stock', 'already_dispensed', 'over_ordered', 'wrong_pharmacy', 'id_conflict'],
  short: ['fefo', 'near_expiry', 'unknown_code', 'bad_code', 'lot_required', 'needs_review', 'expired', 'recalled',
    'quarantined', 'insufficient_stock', 'already_dispensed', 'over_ordered', 'wrong_pharmacy', 'id_conflict'],
  status: ['open', 'confirmed', 'shipped', 'received', 'declined', 'cancelled'],
  state: ['usable', 'quarantined', 'recalled', 'expired', 'in_transit'],
  movement: ['receive', 'dispense', 'return', 'return_supplier', 'write_off', 'quarantine', 'release'],
  role: ['clerk', 'manager', 'supplier', 'admin'],
};

// Node reads .js as CommonJS here, so the module is read as a data address.
async function strings(name) {
  const text = readFileSync(`${WEB}strings.${name}.js`, 'utf8');
  const keys = [...text.matchAll(/^ {2}'?([a-z][\w.-]*)'?:/gm)].map((match) => match[1]);
  const module = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return { keys, words: module.default };
}

function sources(folder = WEB) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return sources(`${folder}${entry.name}/`);
    return entry.name.endsWith('.js') && !entry.name.startsWith('strings.') ? [readFileSync(folder + entry.name, 'utf8')] : [];
  });
}

const found = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);
const code = sources().join('\n');
const asked = found(code, /\bt\('([^']+)'/g);
// Families are asked for by a code that is known only at run time.
const families = [...found(code, /\b(?:word|hasWord)\('(\w+)'/g), ...found(code, /\bt\(`(\w+)\.[\w]*\$\{/g)];
const literals = new Set(found(code, /'([a-z_]+(?:\.[\w-]+)*)'/g));

const zh = await strings('zh');
const en = await strings('en');

test('both languages have the same keys, each once', () => {
  assert.deepEqual(zh.keys.filter((key, n) => zh.keys.indexOf(key) !== n), [], 'twice in Chinese');
  assert.deepEqual(en.keys.filter((key, n) => en.keys.indexOf(key) !== n), [], 'twice in English');
  assert.deepEqual(Object.keys(zh.words).filter((key) => !(key in en.words)), [], 'missing in English');
  assert.deepEqual(Object.keys(en.words).filter((key) => !(key in zh.words)), [], 'missing in Chinese');
});

test('every key that is asked for has words', () => {
  assert.deepEqual([...new Set(asked)].filter((key) => !(key in zh.words)), []);
  assert.deepEqual([...new Set(families)].filter((family) => !Object.keys(zh.words).some((key) => key.startsWith(`${family}.`))), []);
});

test('no words are left that nobody asks for', () => {
  const used = (key) => literals.has(key) || families.includes(key.split('.')[0]);
  assert.deepEqual(Object.keys(zh.words).filter((key) => !used(key)), []);
});

test('every code of the contract has words', () => {
  const wanted = Object.entries(CODES).flatMap(([family, codes]) => codes.map((one) => `${family}.${one}`));
  assert.deepEqual(wanted.filter((key) => !(key in zh.words)), []);
});

test('both languages fill in the same values', () => {
  const values = (text) => [...new Set(found(text, /\{(\w+)/g))].sort().join();
  assert.deepEqual(Object.keys(zh.words).filter((key) => values(zh.words[key]) !== values(en.words[key])
    && !en.words[key].includes('|')), []);
});
