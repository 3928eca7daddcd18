// What a scanner types, as bytes: for the set-up page, which wants every key of a
// scan and nothing of a person's. A scan ends when the keys stop.
import { GS, isIme, isPrintable, isSeparator, takeTypedAhead } from '../lib/typing.js';

const SILENCE = 600; // ms without a key end a scan
const SCANNER_GAP = 150; // ms; Enter or Tab later than this is a person's
const SHORTEST = 4; // fewer characters are a slip of the hand
const ENDS = { Enter: '\r', Tab: '\t' };

const isAltDigit = (event) => event.altKey && !event.ctrlKey && /^(Digit|Numpad)\d$/.test(event.code);

// Ctrl+J is LF, as on every terminal; null for a key that is no character.
function bytesOf(event) {
  if (isSeparator(event)) return GS;
  if (ENDS[event.key]) return ENDS[event.key];
  if (isPrintable(event)) return event.key;
  if (event.getModifierState('AltGraph') && event.key.length === 1) return event.key;
  const isControl = event.ctrlKey && !event.altKey && /^[a-z\\^_]$/i.test(event.key);
  return isControl ? String.fromCharCode(event.key.toUpperCase().charCodeAt(0) & 0x1f) : null;
}

export class ByteCatcher {
  // onScan({text, ime, alt, dead, caps}) after each scan; onKey(count) while it comes.
  constructor({ onScan, onKey }) {
    Object.assign(this, { onScan, onKey });
    this.listen = (event) => this.key(event);
    this.forget();
  }

  start() {
    takeTypedAhead();
    document.addEventListener('keydown', this.listen, true);
    return () => {
      clearTimeout(this.timer);
      document.removeEventListener('keydown', this.listen, true);
    };
  }

  forget() {
    this.scan = { text: '', ime: false, alt: false, dead: false, caps: false };
    this.at = -Infinity;
  }

  key(event) {
    const isBurst = event.timeStamp - this.at < SCANNER_GAP;
    if (isIme(event)) this.scan.ime = true;
    else if (event.key === 'Dead') this.scan.dead = true;
    else if (isAltDigit(event)) this.scan.alt = true;
    else if (!this.take(event, bytesOf(event), isBurst)) return;
    this.at = event.timeStamp;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(), this.scan.text === ' ' ? SCANNER_GAP : SILENCE);
  }

  // Printed characters are a scanner's wherever the focus is; Enter, Tab and Ctrl
  // with a letter only among them, for they are a person's way around the page.
  take(event, bytes, isBurst) {
    if (bytes === null || (!isBurst && !isPrintable(event) && bytes !== GS)) return false;
    event.preventDefault();
    event.stopPropagation();
    this.scan.text += bytes;
    this.scan.caps = event.getModifierState('CapsLock');
    this.onKey(this.scan.text.length);
    return true;
  }

  end() {
    const { scan } = this;
    this.forget();
    this.onKey(0);
    // A space and nothing behind it is a person's.
    if (scan.text === ' ' && document.activeElement instanceof HTMLButtonElement) document.activeElement.click();
    if (scan.text.length >= SHORTEST || scan.ime) this.onScan(scan);
  }
}
