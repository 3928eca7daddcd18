// The keyboard of the scan page. A scanner types like a person, only faster: a
// scan is caught wherever the focus is, and other keys go to the field.
const SHORTEST_SCAN = 8;
const SCANNER_GAP = 50; // ms between two characters of a scanner
export const SHOWN_GS = '␝'; // a field cannot show U+001D itself
const GS = '\u001d';

const takesText = (element) => element instanceof HTMLTextAreaElement
  || (element instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(element.type));
const takesKeys = (element) => takesText(element) || element instanceof HTMLSelectElement;

// GS arrives as itself or as Ctrl+], whatever the layout prints on that key.
const isSeparator = (event) => event.key === GS
  || (event.ctrlKey && !event.altKey && (event.key === ']' || event.code === 'BracketRight'));
const isIme = (event) => event.isComposing || event.key === 'Process' || event.keyCode === 229;
const isPrintable = (event) => event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;

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
