// What tells a scanner that types from a person, and what a physical key means
// when an input method has taken its character.
import { hasCheckDigit } from './gs1.js';
import { keep } from './store.js';

export const SHORTEST_SCAN = 8;
export const SCANNER_GAP = 50; // ms between two characters; no person types eight like that
const SLOWEST_GAP = 120;
const SURE_LENGTH = 10; // characters that show how fast this workstation's scanner is
const KEPT = 'yaoku.scanner'; // {gap, suffixed}

function read() {
  try {
    return { gap: 0, suffixed: false, ...JSON.parse(localStorage.getItem(KEPT)) };
  } catch {
    return { gap: 0, suffixed: false };
  }
}

let habits = read();

// A gap that this workstation's scanner may need on a loaded machine.
export const scannerReach = () => Math.min(SLOWEST_GAP, Math.max(SCANNER_GAP, habits.gap * 1.5));
// Its scans end with Enter or Tab, so a pause ends none.
export const isSuffixed = () => habits.suffixed;

// A text that came with at most `slowest` ms between its characters, then a suffix.
export function learnScanner(text, slowest) {
  if (text.length < SURE_LENGTH || slowest > SLOWEST_GAP) return;
  if (slowest >= SCANNER_GAP && !isCodeLike(text)) return; // may be a person who is quick
  habits = { gap: Math.round(Math.max(slowest, habits.gap * 0.9)), suffixed: true };
  keep(KEPT, JSON.stringify(habits));
}

// Complete and right by length and check digit alone: nothing can be missing.
export function isComplete(text) {
  if (/^(\d{8}|\d{12,14})$/.test(text)) return hasCheckDigit(text);
  return /^00\d{18}$/.test(text) ? hasCheckDigit(text.slice(2)) : /^8[1-4]\d{18}$/.test(text);
}

// What no person types into another input.
export function isCodeLike(text) {
  const gtin = /^(?:\][A-Za-z]\d)?\u001d?01(\d{14})/.exec(text);
  return isComplete(text) || (gtin !== null && hasCheckDigit(gtin[1])) || text.includes('\u001d') || /^https?:\/\//i.test(text);
}

const PLAIN = { Minus: '-_', Equal: '=+', BracketLeft: '[{', BracketRight: ']}', Backslash: '\\|', Semicolon: ';:',
  Quote: '\'"', Backquote: '`~', Comma: ',<', Period: '.>', Slash: '/?', Space: '  ', NumpadDecimal: '..',
  NumpadDivide: '//', NumpadMultiply: '**', NumpadSubtract: '--', NumpadAdd: '++' };
const SHIFTED_DIGITS = ')!@#$%^&*(';

// The character of a physical key on the layout that scanners are made for; null: none.
export function physicalKey(event) {
  const { code, shiftKey } = event;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey !== event.getModifierState('CapsLock') ? letter : letter.toLowerCase();
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit) return shiftKey ? SHIFTED_DIGITS[digit] : digit;
  return /^Numpad(\d)$/.exec(code)?.[1] ?? PLAIN[code]?.[shiftKey ? 1 : 0] ?? null;
}
