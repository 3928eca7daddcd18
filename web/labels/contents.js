// What is on a label: {key, symbology, content, title, lines}. Content in brackets
// is GS1's; the service checks all of it before it draws.
import { nameOfProduct } from '../parts/products.js';
import { beside } from '../lib/format.js';
import { checkDigit, fourteen, hasCheckDigit } from '../lib/gs1.js';
import { t } from '../lib/text.js';

const MATRIX = 'gs1-datamatrix';
const sixDigits = (date) => date.replaceAll('-', '').slice(2);

function titleOf(product) {
  const name = nameOfProduct(product);
  return [name, beside(name, product.strength)].filter(Boolean).join(' ');
}

// An EAN-13 holds no case's GTIN; the matrix holds any.
export function shelfLabel({ product, place, level }, symbology) {
  const gtin = fourteen(product.gtin);
  const isEan = symbology === 'ean-13' && gtin[0] === '0';
  return {
    symbology: isEan ? 'ean-13' : MATRIX, content: isEan ? gtin.slice(1) : `[01]${gtin}`, title: titleOf(product),
    lines: [place, level && t('label.levels', { minimum: level.minimum, maximum: level.maximum }), product.maker],
  };
}

export function repackedLabel({ product, lot, expiry, packs }, { madeOn, madeBy }) {
  const count = packs > 1 ? `[30]${packs}` : '';
  return {
    symbology: MATRIX, content: `[01]${fourteen(product.gtin)}[17]${sixDigits(expiry)}[10]${lot}${count}`,
    title: titleOf(product),
    lines: [`${t('word.lot')} ${lot}`, `${t('word.expiry')} ${expiry}`, packs > 1 && t('label.packs', { n: packs }),
      t('label.made', { date: madeOn, name: madeBy })],
  };
}

// The number of a tote as its symbol has it, by the kind of number.
export const TOTES = {
  text: { symbology: 'code-128', content: (number) => number },
  grai: { symbology: MATRIX, content: (number) => `[8003]${number}` },
  sscc: { symbology: 'gs1-128', content: (number) => `[00]${number}` },
};

export const toteLabel = (number, kind, title) => ({
  symbology: TOTES[kind].symbology, content: TOTES[kind].content(number), number, title, lines: [],
  wrong: toteWrong(number, kind),
});

export const commandLabel = (code) => ({
  symbology: 'code-128', content: `YAOKU-${code}`, lines: [],
  title: /\d$/.test(code) ? t(`command_word.${code.split('-')[0].toLowerCase()}`, { n: code.split('-')[1] })
    : t(`command_word.${code.toLowerCase().replace('-', '_')}`),
});

// What is wrong with a tote's number before any symbol is drawn: a word of tote_wrong, or null.
// The check digit of an SSCC may be left out where a series begins, never be another one.
export function toteWrong(number, kind, isFirst = false) {
  if (/^YAOKU-/i.test(number)) return 'command';
  if (kind !== 'sscc') return null;
  if (isFirst && /^\d{17}$/.test(number)) return null;
  if (!/^\d{18}$/.test(number)) return 'sscc';
  return hasCheckDigit(number) ? null : 'check_digit';
}

// The numbers that follow the first: its last digits count on. An SSCC's check digit does not count.
export function numbersFrom(first, many, kind) {
  const isSscc = kind === 'sscc';
  const [, head, digits] = /^(.*?)(\d*)$/.exec(isSscc ? first.slice(0, 17) : first);
  const count = digits === '' ? 1 : many;
  return Array.from({ length: count }, (_, n) => {
    const number = digits === '' ? head : head + (BigInt(digits) + BigInt(n)).toString().padStart(digits.length, '0');
    return isSscc ? `${number}${checkDigit(number)}` : number;
  });
}
