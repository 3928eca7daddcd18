import { bytesOf } from '../lib/base64.js';
import { fourteen } from '../lib/gs1.js';

// As much of a code as the page itself needs; what it means the service decides.
const EDGES = /^[\s\u0000\u0016\u200b-\u200d\ufeff]+|[\s\u0000\u0016\u200b-\u200d\ufeff]+$/g;

// Trims what scanners add around a code, never inside; the scanner's other habits
// the service takes back by the workstation's profile.
export function cleanCode(text) {
  // GS counts as white space for \s in no browser, so a leading one survives.
  return text.replace(EDGES, '');
}

// `5` or `5*` sets a quantity; `5*CODE` does both. Codes are longer than four digits.
export function readEntry(text) {
  const match = /^\s*(\d{1,4})(?:\s*[*×xX]\s*(.*))?\s*$/s.exec(text);
  if (!match) return { quantity: null, code: text };
  return { quantity: Number(match[1]), code: match[2] ?? '' };
}

// Base units in what a code stands for: a whole number the service takes, else undefined.
export const readUnits = (text) => (/^[1-9]\d{0,4}$/.test(text.trim()) ? Number(text) : undefined);

// `5*` and nothing else: a quantity as soon as the star is typed.
export function starred(text) {
  const match = /^(\d{1,4})[*×]$/.exec(text);
  return match ? Number(match[1]) || 1 : null;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// A code of a scan as text: bytes that are no text show as one character each.
export function codeOf({ code, code_base64: bytes }) {
  if (bytes === undefined || bytes === null) return code;
  try {
    return utf8.decode(bytesOf(bytes));
  } catch {
    return atob(bytes);
  }
}

// The GTIN in a code, to find the shipment it belongs to; null when unsure.
export function gtinOf(code) {
  const plain = code.replace(/^\][A-Za-z]\d/, '').replace(/^\u001d/, '');
  const ai = /^01(\d{14})/.exec(plain);
  if (ai && plain.length > 16) return ai[1];
  const link = /^https?:\/\/[^?#]*\/01\/(\d{8}|\d{12,14})(?![^/?#])/i.exec(plain);
  if (link) return fourteen(link[1]);
  return /^(\d{8}|\d{12,14})$/.test(plain) ? fourteen(plain) : null;
}

// A code that stands on every box of its product, so never for one lot.
export const namesEveryBox = (code) => gtinOf(code) !== null || /^8\d{19}$/.test(code.trim());

// The SSCC of a shipment's label; null for anything else.
export function ssccOf(code) {
  const plain = code.replace(/^\][A-Za-z]\d/, '').replace(/^\u001d/, '');
  return /^(?:00)?(\d{18})$/.exec(plain)?.[1] ?? null;
}

export const sameGtin = (a, b) => Boolean(a) && Boolean(b) && fourteen(a) === fourteen(b);
