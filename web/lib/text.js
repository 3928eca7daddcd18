// Words on the screen. Keys live in strings.zh.js and strings.en.js; only the
// language in use is loaded. A text may hold {name} and, for languages that
// count, {name|one|many}.
const KEPT = 'yaoku.language';
const LANGUAGES = ['zh', 'en'];

let language = 'zh';
let strings = {};
const listeners = new Set();

function preferred() {
  const kept = localStorage.getItem(KEPT);
  if (LANGUAGES.includes(kept)) return kept;
  const first = navigator.languages?.[0] ?? navigator.language ?? 'zh';
  return first.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

async function load(name) {
  strings = (await import(`../strings.${name}.js`)).default;
  language = name;
  document.documentElement.lang = name === 'zh' ? 'zh-CN' : 'en';
}

export async function startLanguage() {
  await load(preferred());
}

export async function switchLanguage() {
  const other = language === 'zh' ? 'en' : 'zh';
  await load(other);
  localStorage.setItem(KEPT, other);
  listeners.forEach((tell) => tell(other));
}

export function onLanguage(tell) {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export const currentLanguage = () => language;

function fill(text, values) {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (whole, name, one, many) => {
    const value = values[name];
    if (one === undefined) return value ?? '';
    return Number(value) === 1 ? one : many;
  });
}

export function t(key, values = {}) {
  const text = strings[key];
  return text === undefined ? key : fill(text, values);
}

// A code from the service in the reader's words; an unknown code is shown as it is.
export function word(family, code) {
  if (code === null || code === undefined) return '';
  return strings[`${family}.${code}`] ?? String(code);
}

export const hasWord = (family, code) => strings[`${family}.${code}`] !== undefined;

// The name of a thing that carries both languages.
export function nameOf(thing) {
  if (!thing) return '';
  return (language === 'en' && thing.name_en) || thing.name || '';
}
