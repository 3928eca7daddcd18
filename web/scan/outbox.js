// Scans on their way. Each stands in the browser's storage before it is sent and
// leaves it only with its result, so no error loses one; the same id goes out
// again, in the name of the person who scanned it, until the service has answered
// for it. Together while all is well; after an error one by one, so that a scan
// the service chokes on neither blocks nor repeats the others.
import { ApiError, postAs } from '../lib/api.js';
import { ScanQueue } from '../lib/scan_queue.js';

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const AT_ONCE = 100;
const PATIENCE = 8; // times a scan is tried in its turn while the service is out

// The service read the scan and can never take it as it stands.
const isFinal = ({ status, problem }) => (status === 400 && Boolean(problem.code))
  || (status === 409 && problem.code === 'id_conflict');
// Nothing went wrong with the scan itself: no answer came, or the session is not ours.
const isOfTheLine = ({ status, code }) => status === 0 || status === 401 || code === 'csrf';
const isOutage = ({ status }) => [408, 429, 502, 503, 504].includes(status);

// Why scans wait, as the page says it.
function troubleOf(error) {
  if (!error) return null;
  if (error.status === 0) return 'offline';
  return error.status === 401 || error.status === 403 ? 'sign_in' : 'service';
}

const refusal = (request, problem) => ({
  id: request.id, outcome: 'rejected', movement_id: null, product: null, lot: null, expiry: null,
  quantity: request.quantity, on_hand: null, warnings: [], problem,
});

export class Outbox {
  constructor({ user, onAnswer, onChange, send = (body) => postAs(user.account, '/scans', body) }) {
    Object.assign(this, { onAnswer, onChange, send });
    this.queue = new ScanQueue(user);
    this.error = null; // of the last try
    this.sending = false;
    this.stopped = false;
    this.alone = false;
    this.tries = new Map(); // id → failures of this scan alone
    this.wait = FIRST_WAIT;
    this.timer = null;
    const records = this.queue.records();
    this.waiting = records.filter((one) => !one.refused).map((one) => one.request);
    this.refused = records.filter((one) => one.refused);
    this.wake = () => { this.wait = FIRST_WAIT; this.pump(); };
    addEventListener('online', this.wake);
  }

  add(request) {
    this.queue.keep(request);
    this.waiting.push(request);
    this.changed();
    this.pump();
  }

  // A person has seen that this scan was refused.
  putAside(id) {
    this.queue.drop(id);
    this.refused = this.refused.filter((one) => one.request.id !== id);
    this.changed();
  }

  changed() {
    this.onChange({ trouble: troubleOf(this.error), code: this.error?.code ?? null, waiting: this.waiting.length,
      oldest: this.waiting[0]?.scanned_at ?? null });
  }

  settle(request, result) {
    this.waiting = this.waiting.filter((one) => one.id !== request.id);
    this.tries.delete(request.id);
    this.onAnswer(request, result);
  }

  answered(batch, answer) {
    for (const request of batch) {
      const result = answer?.results?.find?.((one) => one.id === request.id);
      // Some other machine's page, or half an answer: the rest waits.
      if (!result) throw new ApiError(502, { code: 'unreachable' });
      this.queue.drop(request.id);
      this.settle(request, result);
    }
  }

  next() {
    const triesOf = (one) => this.tries.get(one.id) ?? 0;
    const eager = this.waiting.filter((one) => triesOf(one) < PATIENCE);
    if (eager.length > 0) return eager.slice(0, this.alone ? 1 : AT_ONCE);
    return [...this.waiting].sort((a, b) => triesOf(a) - triesOf(b)).slice(0, 1);
  }

  async pump() {
    if (this.stopped || this.sending || this.waiting.length === 0) return;
    clearTimeout(this.timer);
    this.sending = true;
    const batch = this.next();
    let pause = 0;
    try {
      this.answered(batch, await this.send(batch.length === 1 ? batch[0] : batch));
      this.error = null;
      this.wait = FIRST_WAIT;
    } catch (error) {
      pause = this.failed(batch, error instanceof ApiError ? error : new ApiError(0));
    }
    this.sending = false;
    this.changed();
    if (this.waiting.length === 0) this.alone = false;
    else if (pause === 0) this.pump();
    else if (!this.stopped) this.timer = setTimeout(() => this.pump(), pause);
  }

  // Milliseconds until the next try.
  failed(batch, error) {
    const [first] = batch;
    if (isFinal(error) && batch.length === 1) {
      this.refuse(first, { code: error.code, detail: error.detail });
      return 0;
    }
    this.error = error;
    if (!isOfTheLine(error)) {
      if (batch.length === 1) this.tire(first, isOutage(error) ? 1 : PATIENCE);
      this.alone = true;
      if (batch.length > 1 && !isOutage(error)) return 0;
    }
    const pause = Math.max(this.wait, (error.retryAfter ?? 0) * 1000);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return pause;
  }

  // After PATIENCE tries the others go first.
  tire(request, tries) {
    this.tries.set(request.id, (this.tries.get(request.id) ?? 0) + tries);
  }

  refuse(request, problem) {
    this.error = null;
    this.queue.keep(request, problem);
    this.refused.push({ request, refused: problem });
    this.settle(request, refusal(request, problem));
  }

  // An answer that is still under way is kept; nothing more is sent.
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    removeEventListener('online', this.wake);
  }
}
