// The keyboard of the scan page. A scanner types like a person, only faster: a
// scan is caught wherever the focus is, and other keys go where they were typed.
//
// A burst is what is typed without a pause; a scan is one of which nearly all came
// faster than people type, so that a machine that stumbles cuts none in two. Into the
// scan field the characters go as they come. In another input the first one passes,
// since it may be a person's; those that follow at once are held until it is known
// whose they are: a scan leaves the input as it was, a person's are put in.
import { GS, isIme, isPrintable, isSeparator, SHOWN_GS, takeTypedAhead } from '../lib/typing.js';
import { isCodeLike, isComplete, isSuffixed, learnScanner, physicalKey, scannerReach, SCANNER_GAP, SHORTEST_SCAN }
  from '../lib/wedge.js';

const PAUSE = 300; // ms without a key: nothing more is coming
const CERTAIN = 2; // fast gaps after which a key belongs to the burst, whatever it does otherwise
const MOSTLY = 0.75; // of a scan's gaps are fast
const LOST = '\ufffd'; // a key that is no character: the service holds such a code

const takesText = (element) => element instanceof HTMLTextAreaElement
  || (element instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(element.type));
const takesKeys = (element) => takesText(element) || element instanceof HTMLSelectElement;

const isModifier = (event) => /^(Shift|Control|Alt|Meta|CapsLock|NumLock)/.test(isIme(event) ? event.code : event.key);
const isCorrection = (event) => /^(Backspace|Delete|Escape|Arrow|Home|End|Page)/.test(event.key);
const isEnd = (event) => event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)
  || (isIme(event) && ['Enter', 'NumpadEnter', 'Tab'].includes(event.code));
const isLineFeed = (event) => event.ctrlKey && /^[jm]$/i.test(event.key);

const fromField = (text) => text.replaceAll(SHOWN_GS, GS);
const toField = (text) => text.replaceAll(GS, SHOWN_GS);

function setValue(element, value) {
  element.value = value;
  element.dispatchEvent(new Event(element instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
}

function insert(field, text) {
  try {
    field.setRangeText(text, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  } catch { // an input of numbers or dates has no selection
    setValue(field, field.value + text);
  }
}

// A scanner may send a control character as Ctrl and a letter.
function characterOf(event) {
  if (isSeparator(event)) return GS;
  if (isIme(event)) return physicalKey(event);
  if (isPrintable(event)) return event.key;
  const letter = event.ctrlKey && /^[a-z]$/i.exec(event.key)?.[0];
  return letter ? String.fromCharCode(letter.toUpperCase().charCodeAt(0) - 64) : null;
}

export class KeyCatcher {
  // shortcut(event) → true when the page took the key. onIme(isOn): an input method
  // is at work. onDoubt(kind): the field holds a scan that a person must confirm.
  constructor({ field, onScan, onIme, onDoubt, shortcut }) {
    Object.assign(this, { field, onScan, onIme, onDoubt, shortcut });
    this.burst = null; // {target, before, text, held, at, fast, slowest, isIme}
    this.timer = null;
    this.endedAt = -Infinity; // of the last scan that a key ended
    this.listen = (event) => this.key(event);
  }

  start() {
    document.addEventListener('keydown', this.listen, true);
    takeTypedAhead().forEach((event) => this.replay(event));
    return () => {
      document.removeEventListener('keydown', this.listen, true);
      this.give();
    };
  }

  key(event) {
    const target = this.placeOf(event);
    const gap = this.burst?.target === target ? event.timeStamp - this.burst.at : Infinity;
    if (this.isTail(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (gap > PAUSE) this.give();
    if (isEnd(event)) {
      this.end(event, target);
      return;
    }
    const isCertain = gap < SCANNER_GAP && this.burst.fast >= CERTAIN;
    if (isCertain && !isModifier(event) && !isCorrection(event)) this.typed(event, target, characterOf(event) ?? LOST, gap);
    else if (!isIme(event) && this.shortcut(event)) event.preventDefault();
    else if (isIme(event) || isPrintable(event) || isSeparator(event)) this.typed(event, target, characterOf(event), gap);
    else if (!isModifier(event)) this.give(); // an arrow, a correction: a person
  }

  // A scan goes on where it began, even if the page has moved the focus meanwhile.
  placeOf(event) {
    const { burst } = this;
    if (burst?.fast >= CERTAIN && event.timeStamp - burst.at < SCANNER_GAP && burst.target.isConnected) burst.target.focus();
    return document.activeElement;
  }

  // Some scanners end a scan with more than one key, such as CR and LF: the others must
  // not answer the question that the scan has opened.
  isTail(event) {
    const isTail = event.timeStamp - this.endedAt < SCANNER_GAP && (isEnd(event) || isLineFeed(event));
    if (!isModifier(event)) this.endedAt = isTail ? event.timeStamp : -Infinity;
    return isTail;
  }

  // A key from before the page stood, as if it had been typed into the field.
  replay(event) {
    if (event.key !== 'Enter' && this.shortcut(event)) return;
    const field = this.field();
    field.focus();
    if (event.key === 'Enter') this.submit();
    else insert(field, toField(characterOf(event)));
  }

  typed(event, target, text, gap) {
    if (!takesKeys(target)) {
      this.elsewhere(event, text);
      return;
    }
    if (gap > PAUSE) this.begin(target);
    const { burst } = this;
    const isFirst = burst.text === '';
    if (!isFirst) burst.slowest = Math.max(burst.slowest, gap);
    if (gap < SCANNER_GAP) burst.fast += 1;
    burst.text += text ?? LOST;
    burst.at = event.timeStamp;
    if (isIme(event)) this.throughIme(target);
    else if (target === this.field()) this.intoField(event, text);
    else if (!isFirst && gap < SCANNER_GAP) this.hold(event, text);
    else {
      this.put();
      if (!isPrintable(event)) event.preventDefault();
    }
    this.wait(burst.held === '' ? PAUSE : SCANNER_GAP);
  }

  begin(target) {
    this.give();
    this.burst = { target, before: target.value, text: '', held: '', at: 0, fast: 0, slowest: 0, isIme: false };
  }

  intoField(event, text) {
    if (isPrintable(event)) {
      if (/[a-z]/i.test(text)) this.onIme(false); // figures come through an input method as they are
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    insert(this.field(), toField(text));
  }

  hold(event, text) {
    event.preventDefault();
    event.stopPropagation();
    this.burst.held += text;
  }

  // The keys cannot be held; what they were is told by their place.
  throughIme(target) {
    this.burst.isIme = true;
    if (target === this.field() || this.burst.fast > CERTAIN) this.onIme(true);
  }

  elsewhere(event, text) {
    if (!text || (event.key === ' ' && document.activeElement instanceof HTMLButtonElement)) return;
    const field = this.field();
    event.preventDefault();
    field.focus();
    this.begin(field);
    Object.assign(this.burst, { text, at: event.timeStamp });
    insert(field, toField(text));
    this.wait(PAUSE);
  }

  wait(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.paused(), milliseconds);
  }

  // No key for a while: a person's keys go where they were typed; a scan may still
  // get its suffix.
  paused() {
    if (!this.burst) return;
    const quiet = performance.now() - this.burst.at;
    if (navigator.scheduling?.isInputPending?.()) this.wait(SCANNER_GAP);
    else if (!this.isScan()) this.put(); // it may still turn out to be one
    else if (quiet < PAUSE) this.wait(PAUSE - quiet);
    else this.unended();
  }

  isScan() {
    const { text, fast, slowest } = this.burst;
    return text.length >= SHORTEST_SCAN
      && (fast >= MOSTLY * (text.length - 1) || (slowest <= scannerReach() && isCodeLike(text)));
  }

  // A scan without a suffix. A part of a code must not be taken for the whole: it is
  // sent by itself only when nothing can be missing, and never where scans end with
  // a suffix; otherwise it stands in the field for a person to look at.
  unended() {
    const { target, text, isIme: wasIme } = this.burst;
    const field = this.field();
    if (target === field && !wasIme) {
      const isWhole = fromField(field.value) === text && isComplete(text) && !isSuffixed();
      this.burst = null;
      if (isWhole) this.submit();
      return;
    }
    this.takeBack();
    this.offer(text, wasIme ? 'ime' : 'pause', !isSuffixed());
  }

  // Enter or Tab.
  end(event, target) {
    const { burst } = this;
    const isOurs = burst?.target === target && this.isScan();
    if (isOurs) this.endedAt = event.timeStamp;
    if (isOurs && burst.isIme) this.endIme(event);
    else if (isIme(event)) return;
    else if (target === this.field()) this.endInField(event);
    else if (isOurs) {
      event.preventDefault();
      event.stopPropagation();
      this.takeBack();
      learnScanner(burst.text, burst.slowest);
      this.onScan(burst.text);
    } else {
      this.give();
      if (this.shortcut(event)) event.preventDefault();
    }
  }

  endInField(event) {
    if (this.shortcut(event)) {
      event.preventDefault();
      return;
    }
    if (event.key === 'Tab' && this.field().value === '') return;
    event.preventDefault();
    if (this.burst && fromField(this.field().value) === this.burst.text) learnScanner(this.burst.text, this.burst.slowest);
    this.submit();
  }

  endIme(event) {
    const { text } = this.burst;
    event.preventDefault();
    event.stopPropagation();
    this.takeBack();
    this.offer(text, 'ime', true);
  }

  submit() {
    const field = this.field();
    const text = field.value;
    this.burst = null;
    setValue(field, '');
    this.onScan(fromField(text));
  }

  // Sends what cannot be anything else; shows the rest for a person to confirm.
  offer(text, doubt, mayGo) {
    if (mayGo && isComplete(text)) {
      this.onScan(text);
      return;
    }
    const field = this.field();
    field.focus();
    setValue(field, toField(text));
    this.onDoubt(doubt);
  }

  // The input is as it was before the burst.
  takeBack() {
    const { target, before, isIme: wasIme } = this.burst;
    this.burst = null;
    clearTimeout(this.timer);
    if (wasIme) target.blur(); // ends what is being composed
    if (target.value !== before) setValue(target, before);
    if (wasIme) target.focus();
  }

  // What is held was a person's.
  put() {
    const { burst } = this;
    if (burst?.held) insert(burst.target, toField(burst.held));
    if (burst) burst.held = '';
  }

  give() {
    clearTimeout(this.timer);
    this.put();
    this.burst = null;
  }
}
