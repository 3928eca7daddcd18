import { bytesOf } from '../lib/base64.js';
import { fourteen } from '../lib/gs1.js';
import { isComplete } from '../lib/wedge.js';
import { isCompanion } from './sight.js';

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

// An element string of a box without the key of its product: lot, expiry or serial alone.
export function isOfBox(request) {
  const [, aim, text] = /^(\][A-Za-z]\d)?\u001d?(.*)$/s.exec(codeOf(request));
  return isCompanion({ symbology: request.symbology ?? aim, code: text });
}

// What scanners send only when keyboard layout, input method or settings are wrong: the sign before
// an AIM prefix changed, signs off their keyboard, control characters, two codes as one.
const BENT_AIM = /^[^\sA-Za-z0-9\]./_#*-][A-Za-z]\d/;
const NO_KEY = /[\u0000-\u001f\u007f-\u02ff\u2010-\u2027\u3000-\u303f\uff01-\uff5e]/;
const plainOf = (code) => code.replace(/^\][A-Za-z]\d/, '');

function isTwoCodes(text) {
  if (isComplete(text)) return false;
  const half = text.length / 2;
  return /.\][A-Za-z]\d/.test(text) || (text.length >= 16 && text.slice(0, half) === text.slice(half))
    || [8, 12, 13, 14, 20].some((n) => isComplete(text.slice(0, n)) && isComplete(text.slice(n)));
}

// The camera types nothing.
export const isOfCamera = ({ workstation }) => Boolean(workstation?.endsWith('/camera'));

export const isMangled = (code) => BENT_AIM.test(code) || NO_KEY.test(plainOf(code)) || isTwoCodes(plainOf(code));

// Short and of plain signs: surely what is printed, so it is offered to be remembered.
export const isPlain = (code) => /^[A-Za-z0-9./_-]{1,40}$/.test(plainOf(code));

export const sameGtin = (a, b) => Boolean(a) && Boolean(b) && fourteen(a) === fourteen(b);
