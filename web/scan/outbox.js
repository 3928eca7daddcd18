// Scans on their way. Each stands in the browser's storage before it is sent and
// leaves it only with a definite answer, so neither a lost line nor a reload
// loses one; the same id goes out again until the service has answered for it.
import { ApiError, post } from '../lib/api.js';

const PREFIX = 'yaoku.waiting.';
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const AT_ONCE = 100;

// The outcome may be unknown: the same scan must be sent again.
const isUnknown = (error) => error.status === 0 || error.status >= 500 || error.status === 408 || error.status === 429;
// The person must log in again first; the scan waits.
const isSignedOut = (error) => error.status === 401;

const refused = (request, error) => ({
  id: request.id, outcome: 'rejected', movement_id: null, product: null, lot: null, expiry: null,
  quantity: request.quantity, on_hand: null, warnings: [], problem: { code: error.code, detail: error.detail },
});

export class Outbox {
  constructor({ pharmacyId, onAnswer, onChange, send = (body) => post('/scans', body) }) {
    this.prefix = `${PREFIX}${pharmacyId}.`;
    Object.assign(this, { onAnswer, onChange, send });
    this.online = true;
    this.sending = false;
    this.alone = false; // an array was refused: find the culprit one by one
    this.wait = FIRST_WAIT;
    this.timer = null;
    this.waiting = this.stored();
    this.wake = () => { this.wait = FIRST_WAIT; this.pump(); };
    addEventListener('online', this.wake);
  }

  // One key of storage for each scan: two windows never overwrite each other.
  stored() {
    const found = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
    const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
    return found.map(read).filter(Boolean).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  add(request) {
    localStorage.setItem(this.prefix + request.id, JSON.stringify(request));
    this.waiting.push(request);
    this.changed();
    this.pump();
  }

  oldest() {
    return this.waiting[0]?.scanned_at ?? null;
  }

  changed() {
    this.onChange({ online: this.online, waiting: this.waiting.length, oldest: this.oldest() });
  }

  settle(request, result) {
    localStorage.removeItem(this.prefix + request.id);
    this.waiting = this.waiting.filter((one) => one.id !== request.id);
    this.onAnswer(request, result);
  }

  async pump() {
    if (this.sending || this.waiting.length === 0) return;
    clearTimeout(this.timer);
    this.sending = true;
    const batch = this.waiting.slice(0, this.alone ? 1 : AT_ONCE);
    let pause = 0;
    try {
      const answer = await this.send(batch.length === 1 ? batch[0] : batch);
      this.online = true;
      this.wait = FIRST_WAIT;
      batch.forEach((request, n) => this.settle(request, answer.results[n]));
    } catch (error) {
      pause = this.failed(batch, error instanceof ApiError ? error : new ApiError(0));
    }
    this.sending = false;
    this.changed();
    if (this.waiting.length === 0) this.alone = false;
    else if (pause === 0) this.pump();
    else this.timer = setTimeout(() => this.pump(), pause);
  }

  // Milliseconds until the next try.
  failed(batch, error) {
    if (isUnknown(error) || isSignedOut(error)) {
      this.online = false;
      const pause = Math.max(this.wait, (error.retryAfter ?? 0) * 1000);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
      return pause;
    }
    this.online = true;
    if (batch.length > 1) this.alone = true;
    else this.settle(batch[0], refused(batch[0], error));
    return 0;
  }

  stop() {
    clearTimeout(this.timer);
    removeEventListener('online', this.wake);
  }
}
