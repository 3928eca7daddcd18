// The keyboard of the scan page. A scanner types like a person, only faster: a
// scan is caught wherever the focus is, and other keys go to the field.
import { GS, isPrintable, isSeparator, takeTypedAhead } from '../lib/typing.js';

const SHORTEST_SCAN = 8;
const SCANNER_GAP = 50; // ms between two characters of a scanner
export const SHOWN_GS = '␝'; // a field cannot show U+001D itself

const takesText = (element) => element instanceof HTMLTextAreaElement
  || (element instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(element.type));
const takesKeys = (element) => takesText(element) || element instanceof HTMLSelectElement;

const isIme = (event) => event.isComposing || event.key === 'Process' || event.keyCode === 229;

export const fromField = (text) => text.replaceAll(SHOWN_GS, GS);

function insert(field, text) {
  field.setRangeText(text, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

export class KeyCatcher {
  // shortcut(event) → true when the page took the key.
  constructor({ field, onScan, onIme, shortcut }) {
    Object.assign(this, { field, onScan, onIme, shortcut });
    this.burst = null; // fast typing into another input: {target, before, text, at}
    this.listen = (event) => this.key(event);
  }

  start() {
    document.addEventListener('keydown', this.listen, true);
    takeTypedAhead().forEach((event) => this.replay(event));
    return () => document.removeEventListener('keydown', this.listen, true);
  }

  key(event) {
    if (isIme(event)) {
      this.onIme(true);
      return;
    }
    if (this.shortcut(event)) {
      event.preventDefault();
      return;
    }
    const target = document.activeElement;
    if (target === this.field()) this.inField(event);
    else if (takesText(target)) this.inOther(event, target);
    else this.elsewhere(event, target);
  }

  // A key from before the page stood, as if it had been typed into the field.
  replay(event) {
    if (this.shortcut(event)) return;
    this.field().focus();
    this.inField(event);
    if (isPrintable(event)) insert(this.field(), event.key);
  }

  inField(event) {
    const field = this.field();
    if (isSeparator(event)) {
      event.preventDefault();
      insert(field, SHOWN_GS);
    } else if (event.key === 'Enter' || (event.key === 'Tab' && field.value !== '' && !event.shiftKey)) {
      event.preventDefault();
      const text = field.value;
      field.value = '';
      field.dispatchEvent(new Event('input', { bubbles: true }));
      this.onScan(fromField(text));
    } else if (isPrintable(event)) {
      this.onIme(false);
    }
  }

  elsewhere(event, target) {
    const separator = isSeparator(event);
    const typed = isPrintable(event) && !(event.key === ' ' && target instanceof HTMLButtonElement);
    if ((!separator && !typed) || takesKeys(target)) return;
    event.preventDefault();
    this.field().focus();
    insert(this.field(), separator ? SHOWN_GS : event.key);
  }

  // A person types slower than any scanner, so a fast burst that ends in Enter
  // is a scan; the other input gets back what it held before.
  inOther(event, target) {
    const now = event.timeStamp;
    const separator = isSeparator(event);
    const fast = this.burst?.target === target && now - this.burst.at < SCANNER_GAP;
    if (separator || isPrintable(event)) {
      if (!fast) this.burst = { target, before: target.value, text: '' };
      this.burst.text += separator ? GS : event.key;
      this.burst.at = now;
      if (separator) event.preventDefault();
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      const burst = this.burst;
      this.burst = null;
      if (!fast || burst.text.length < SHORTEST_SCAN) return;
      event.preventDefault();
      event.stopPropagation();
      target.value = burst.before;
      target.dispatchEvent(new Event('input', { bubbles: true }));
      this.onScan(burst.text);
    } else if (event.key !== 'Shift') {
      this.burst = null;
    }
  }
}
