// The clerk's desk: everything the scan page knows, apart from how it looks.
// Entries are the last scans, newest first: {id, number, at, request, result,
// undone, times}; the first one fills the screen's centre.
import { post } from '../lib/api.js';
import { productName } from '../parts/products.js';
import { clockTime } from '../lib/format.js';
import { now } from '../lib/clock.js';
import { askToStay, ownerKey } from '../lib/scan_queue.js';
import { play } from '../lib/sound.js';
import { keep } from '../lib/store.js';
import { uuid7 } from '../lib/uuid.js';
import { hasWord } from '../lib/text.js';
import { workstation } from '../lib/workstation.js';
import { cleanCode, codeOf, readEntry } from './code.js';
import { Outbox } from './outbox.js';
import { isHalf, soundOf } from './question.js';
import { openOf, ShipmentList } from './shipments.js';

const KEPT_ENTRIES = 60;
export const MODES = ['dispense', 'receive', 'return', 'write_off']; // movements a person scans for

// The answer to a scan that could not be kept and so was never taken.
const turnedAway = ({ id, quantity }) => ({ id, outcome: 'rejected', movement_id: null, product: null, lot: null,
  expiry: null, quantity, on_hand: null, warnings: [], problem: { code: 'not_kept', detail: '' } });

export class Desk {
  constructor(user) {
    this.kept = `yaoku.entries.${ownerKey(user)}`;
    this.place = `yaoku.place.${ownerKey(user)}`; // of this window: what is being done in it
    this.listeners = new Set();
    this.mode = 'dispense';
    this.reason = null; // why goods are written off: said once, before the first scan
    this.early = 0; // scans that came before the reason and were not taken
    this.quantity = 1;
    this.ime = false;
    this.doubt = null; // why the scan in the field must be confirmed: ime, pause
    this.said = null; // words about the desk itself, such as "undone"
    this.cleared = null; // id of the entry whose answer has left the centre
    this.offer = null; // the shipment's label that was scanned and may be received whole
    this.isUsed = false; // until a scan or an answer, a question on the page is an old one
    this.asking = true; // the current entry's question has not been put aside
    this.lapse = null; // timer of the box whose other code is awaited
    this.entries = this.restore();
    this.line = { trouble: null, code: null, waiting: 0, oldest: null, notKept: null };
    this.shipments = new ShipmentList(() => this.tell());
    this.restorePlace();
    this.outbox = new Outbox({
      user,
      onAnswer: (request, result, isOurs) => {
        // A refusal is shown even when its scan has left the list meanwhile.
        if (isOurs && result.problem && !this.entries.some((one) => one.id === request.id)) this.enter(request);
        this.answered(request, result, isOurs);
      },
      onChange: (line) => { this.line = line; this.tell(); },
    });
  }

  restore() {
    try {
      return JSON.parse(localStorage.getItem(this.kept) ?? '[]');
    } catch {
      return [];
    }
  }

  // A reload or a look at another page must not turn receiving into dispensing.
  restorePlace() {
    try {
      const { mode, reason, shipment } = JSON.parse(sessionStorage.getItem(this.place)) ?? {};
      this.mode = MODES.includes(mode) ? mode : this.mode;
      this.reason = reason ?? null;
      this.shipments.chosen = shipment ?? null;
    } catch { /* nothing that can be read was kept */ }
    this.clear(this.mode);
  }

  // Another mode begins with an empty centre; scans on their way still show there.
  clear(mode) {
    const last = this.entries[0];
    this.cleared = last?.result && last.request.movement !== mode ? last.id : null;
  }

  start() {
    this.shipments.load();
    this.outbox.start().then(() => this.adoptWaiting());
    this.awaitOther(this.entries[0]);
    askToStay();
  }

  // Scans that waited through a reload are shown again.
  adoptWaiting() {
    for (const { request } of this.outbox.waiting.slice(-KEPT_ENTRIES)) {
      if (!this.entries.some((entry) => entry.id === request.id)) this.enter(request);
    }
    this.tell();
  }

  stop() {
    clearTimeout(this.lapse);
    this.outbox.stop();
    this.shipments.stop();
  }

  // By hand: the label that was scanned before may be another shipment's.
  chooseShipment(id) {
    this.shipments.choose(id);
    this.change({ offer: null });
  }

  onChange(tell) {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  }

  tell() {
    keep(this.kept, JSON.stringify(this.entries.slice(0, KEPT_ENTRIES)));
    keep(this.place, JSON.stringify({ mode: this.mode, reason: this.reason, shipment: this.shipments.chosen }), sessionStorage);
    this.listeners.forEach((tell) => tell());
  }

  change(changes) {
    Object.assign(this, changes);
    this.tell();
  }

  setMode(mode) {
    this.clear(mode);
    this.change({ mode, reason: null, early: 0, quantity: 1, said: null, offer: null });
    if (mode === 'receive') this.shipments.load();
  }

  // A line from the field: a quantity, a scan, or both.
  submit(text) {
    const entry = readEntry(text);
    if (entry.quantity) this.change({ quantity: entry.quantity, said: null });
    const code = cleanCode(entry.code);
    if (code !== '') this.take({ code });
  }

  // What was scanned: {code | code_base64, symbology?, workstation?}.
  take(scanned) {
    if (this.mode === 'write_off' && !this.reason) {
      play('stopped');
      this.change({ early: this.early + 1 });
      return;
    }
    const isSaidAgain = this.offer && codeOf(this.offer) === codeOf(scanned);
    if (isSaidAgain) this.takeWhole();
    else if (this.mode === 'receive' && this.shipments.chooseBySscc(codeOf(scanned))) {
      this.change({ offer: openOf(this.shipments.current()) > 0 ? scanned : null, said: null });
      play('accepted');
    } else this.scan({ ...scanned, quantity: this.quantity });
  }

  // The whole shipment whose label was scanned.
  takeWhole() {
    this.scan({ ...this.offer, quantity: 1 });
  }

  // What the scan means is settled at once; it shows when the disk has it.
  async scan({ code, code_base64, symbology, quantity, lot, expiry, reason = this.reason ?? undefined,
    workstation: place = workstation().name }) {
    const request = {
      id: uuid7(), movement: this.mode, code, code_base64, symbology, quantity, lot, expiry, reason,
      workstation: place, scanned_at: new Date(now()).toISOString(),
    };
    if (this.mode === 'receive') request.order_id = this.shipments.orderFor(codeOf(request));
    this.change({ quantity: 1, said: null, asking: false, offer: null, isUsed: true }); // the last question is over
    const isTaken = await this.outbox.add(JSON.parse(JSON.stringify(request))); // drops what is undefined
    this.enter(request);
    this.asking = true;
    if (isTaken) this.tell();
    else this.answered(request, turnedAway(request));
  }

  enter(request) {
    const last = this.entries[0];
    const again = last && codeOf(last.request) === codeOf(request) && last.request.movement === request.movement;
    this.entries.unshift({
      id: request.id, request, result: null, undone: false, at: request.scanned_at,
      number: (last?.number ?? 0) + 1, times: again ? last.times + 1 : 1,
    });
    this.entries.length = Math.min(this.entries.length, KEPT_ENTRIES);
  }

  answered(request, result, isOurs = true) {
    const entry = this.entries.find((one) => one.id === request.id);
    const first = result.joined && this.entries.find((one) => one.id === result.joined);
    const isCounted = first?.result?.movement_id === result.movement_id;
    if (entry) entry.result = result;
    if (entry && result.problem?.waits) entry.awaits = now() + result.problem.waits * 1000;
    this.awaitOther(entry);
    if (entry && first && result.movement_id) this.join(first, entry);
    else if (first?.result?.movement_id) first.undone = true; // refused as its other code says it: taken back
    if (isOurs) play(soundOf(result));
    if (request.movement === 'receive' && result.movement_id && !isCounted) this.shipments.received(result);
    this.tell();
  }

  // The time for a box's other code ends with a sound, while the clerk still looks at it.
  awaitOther(entry) {
    if (!isHalf(entry) || entry !== this.entries[0]) return;
    clearTimeout(this.lapse);
    const left = entry.awaits - now();
    if (left > 0) this.lapse = setTimeout(() => this.lapsed(entry), left);
  }

  lapsed(entry) {
    if (!isHalf(entry) || entry !== this.entries[0] || entry.id === this.cleared) return;
    play('look');
    this.tell();
  }

  // Two codes of one box are one line: the second scan updates the first.
  join(first, second) {
    this.entries = this.entries.filter((one) => one !== second);
    first.result = second.result;
  }

  // A held scan gets its product or lot and is posted under its own id. When the
  // rules still refuse it, it stays held, and their reason asks the next question.
  async bind(id, choice, product) {
    const entry = this.entries.find((one) => one.id === id);
    this.isUsed = true;
    const request = entry?.request ?? { id, movement: null };
    let result;
    try {
      const answer = await post(`/scans/${id}/bind`, choice);
      result = answer.results?.[0] ?? answer;
    } catch (error) {
      if (!hasWord('short', error.code)) throw error;
      const { code, detail, problem: { why } } = error;
      result = { ...entry?.result, id, outcome: 'held', product: product ?? entry?.result?.product ?? null,
        problem: { code, detail, why } };
    }
    if (entry) Object.assign(entry, { remember: choice.remember, units: choice.units });
    this.answered(request, result);
    return result;
  }

  undoable() {
    return this.entries.find((entry) => entry.result?.movement_id && !entry.undone);
  }

  async undo(reason) {
    const entry = this.undoable();
    if (!entry) return null;
    entry.undoId ??= uuid7(); // a second try is the same reversal
    await post(`/movements/${entry.result.movement_id}/reverse`, { id: entry.undoId, reason });
    entry.undone = true;
    play('accepted');
    if (entry.request.movement === 'receive') this.shipments.load();
    this.tell();
    const { product, quantity } = entry.result;
    return { name: productName(product?.id, product?.name), quantity, time: clockTime(entry.at) };
  }
}
