// Scans on their way. Each stands in the browser's database before it is sent and
// leaves it only with its result, so no error loses one; the same id goes out
// again, in the name of the person who scanned it, until the service has answered
// for it. In the order of scanning, one window at a time; together while all is
// well, after an error one by one, so that a scan the service chokes on neither
// blocks nor repeats the others.
import { ApiError, checkSession, isReady, postAs } from '../lib/api.js';
import { ScanQueue } from '../lib/scan_queue.js';
import { inTurn } from '../lib/turn.js';

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const LONGEST_ANSWER = 30_000;
const AT_ONCE = 100;
const PATIENCE = 8; // times a scan is tried in its turn by a service that is well

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

const service = (user) => ({
  send: (body) => postAs(user.account, '/scans', body, AbortSignal.timeout(LONGEST_ANSWER)),
  check: checkSession,
  isReady,
});

export class Outbox {
  // onAnswer(request, result, isOurs): isOurs when this window made or sent the scan.
  constructor({ user, onAnswer, onChange, line = service(user) }) {
    Object.assign(this, { onAnswer, onChange, line });
    this.queue = new ScanQueue(user, (news) => this.heard(news));
    this.waiting = []; // records in order, as far as this window knows
    this.refused = [];
    this.answeredIds = new Set(); // a disk that fails may give them once more
    this.notKept = null; // why the last scan is not on the disk
    this.error = user.isRemembered ? new ApiError(0) : null; // of the last try
    this.sending = false;
    this.stopped = false;
    this.alone = false;
    this.tries = new Map(); // id → failures of this scan alone
    this.wait = FIRST_WAIT;
    this.timer = null;
    this.wake = () => { this.wait = FIRST_WAIT; this.pump(); };
  }

  async start() {
    addEventListener('online', this.wake);
    await this.reread();
    this.pump();
  }

  // Another window may have changed the queue. What only this page holds stays.
  async reread() {
    try {
      const [waiting, refused] = await Promise.all([this.queue.waiting(), this.queue.refused()]);
      this.waiting = [...waiting.filter((one) => !this.answeredIds.has(one.request.id)), ...this.loose()];
      this.refused = refused;
    } catch (error) {
      this.notKept = error.reason;
    }
    this.changed();
  }

  loose() {
    return this.waiting.filter((one) => !one.request.sequence);
  }

  // Takes a scan once the disk has it; gives whether it is taken. Without the disk
  // one at a time goes out while the line is up, and none waits on this page alone.
  async add(request) {
    let record;
    try {
      record = await this.queue.keep(request);
      this.notKept = null;
    } catch (error) {
      this.notKept = error.reason ?? 'closed';
      if (this.error || this.waiting.length > 0) {
        this.changed();
        return false;
      }
      record = { request };
    }
    this.waiting.push(record);
    this.changed();
    this.pump();
    return true;
  }

  // A person has seen that this scan was refused.
  async putAside(id) {
    this.refused = this.refused.filter((one) => one.request.id !== id);
    this.changed();
    await this.queue.putAside(id).catch(() => null);
  }

  changed() {
    this.onChange({ trouble: troubleOf(this.error), code: this.error?.code ?? null, waiting: this.waiting.length,
      oldest: this.waiting[0]?.request.scanned_at ?? null, notKept: this.notKept });
  }

  heard({ request, result, isMine }) {
    if (result) this.settled(request, result, isMine);
    this.reread();
  }

  settled(request, result, isOurs) {
    this.waiting = this.waiting.filter((one) => one.request.id !== request.id);
    this.answeredIds.add(request.id);
    this.tries.delete(request.id);
    this.onAnswer(request, result, isOurs);
  }

  async answered(batch, answer) {
    for (const record of batch) {
      const result = answer?.results?.find?.((one) => one.id === record.request.id);
      // Some other machine's page, or half an answer: the rest waits.
      if (!result) throw new ApiError(502, { code: 'unreachable' });
      this.settled(record.request, result, true);
      await this.queue.settle(record, result).catch((error) => { this.notKept = error.reason; });
    }
  }

  // What goes out next: the disk knows what other windows have sent meanwhile.
  async next() {
    const kept = await this.queue.waiting().catch(() => this.waiting.filter((one) => one.request.sequence));
    const waiting = [...kept.filter((one) => !this.answeredIds.has(one.request.id)), ...this.loose()];
    this.waiting = waiting;
    const triesOf = (one) => this.tries.get(one.request.id) ?? 0;
    const eager = waiting.filter((one) => triesOf(one) < PATIENCE);
    if (eager.length > 0) return eager.slice(0, this.alone ? 1 : AT_ONCE);
    return [...waiting].sort((a, b) => triesOf(a) - triesOf(b)).slice(0, 1);
  }

  // Nothing to send and no trouble: nothing to do. After trouble the line is asked
  // for even when nothing waits, so that the page does not say "offline" for ever.
  async pump() {
    if (this.stopped || this.sending || (this.waiting.length === 0 && !this.error)) return;
    clearTimeout(this.timer);
    this.sending = true;
    const pause = await inTurn(`yaoku.outbox.${this.queue.owner}`, () => this.round()).catch(() => this.wait);
    this.sending = false;
    if (this.stopped) {
      this.queue.close();
      return;
    }
    this.changed();
    if (this.waiting.length === 0) this.alone = false;
    if (pause > 0) this.timer = setTimeout(() => this.pump(), pause);
    else this.pump();
  }

  // Sends once; gives the milliseconds until the next try.
  async round() {
    if (this.stopped) return 0;
    const batch = await this.next();
    const requests = batch.map((one) => one.request);
    try {
      if (batch.length === 0) await this.line.check();
      else await this.answered(batch, await this.line.send(requests.length === 1 ? requests[0] : requests));
      this.error = null;
      this.wait = FIRST_WAIT;
      return 0;
    } catch (error) {
      return this.failed(batch, error instanceof ApiError ? error : new ApiError(0));
    }
  }

  async failed(batch, error) {
    const [first] = batch;
    if (isFinal(error) && batch.length === 1) {
      await this.refuse(first, { code: error.code, detail: error.detail });
      return 0;
    }
    this.error = error;
    if (batch.length > 0 && !isOfTheLine(error)) {
      if (batch.length === 1) await this.blame(first.request, error);
      this.alone = true;
      if (batch.length > 1 && !isOutage(error)) return 0;
    }
    const pause = Math.max(this.wait, (error.retryAfter ?? 0) * 1000);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return pause;
  }

  // The order is given up only for a scan that the service itself cannot take: at
  // once when it fails over it, after PATIENCE tries when it is well otherwise.
  async blame({ id }, error) {
    const tries = this.tries.get(id) ?? 0;
    if (!isOutage(error)) this.tries.set(id, tries + PATIENCE);
    else if (error.status !== 429 && await this.line.isReady()) this.tries.set(id, tries + 1);
  }

  async refuse(record, problem) {
    const result = refusal(record.request, problem);
    this.error = null;
    const kept = await this.queue.refuse(record, problem, result)
      .catch(() => ({ request: record.request, refused: problem }));
    this.refused = [...this.refused, kept];
    this.settled(record.request, result, true);
  }

  // An answer that is still under way is kept; nothing more is sent.
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    removeEventListener('online', this.wake);
    if (!this.sending) this.queue.close();
  }
}
