// The service's time, as far as it is known: workstations' clocks are wrong, and
// jump. Each answer of the service corrects ours; between answers, and through a
// reload without the line, time never runs backwards.
import { keep } from './store.js';

const KEPT = 'yaoku.clock'; // {offset, latest}, both in ms
const TOLERANCE = 2000; // the service names whole seconds, and its answer was on its way

function read() {
  try {
    const { offset, latest } = JSON.parse(localStorage.getItem(KEPT)) ?? {};
    return { offset: Number(offset) || 0, latest: Number(latest) || 0 };
  } catch {
    return { offset: 0, latest: 0 };
  }
}

let { offset, latest } = read();

const store = () => keep(KEPT, JSON.stringify({ offset, latest }));

// `date` is the Date header of an answer.
export function heardTime(date) {
  const time = Date.parse(date ?? '');
  if (Number.isNaN(time)) return;
  const difference = time - Date.now();
  const wanted = Math.abs(difference) < TOLERANCE ? 0 : difference;
  if (Math.abs(wanted - offset) >= TOLERANCE || (wanted === 0 && offset !== 0)) {
    offset = wanted;
    latest = 0; // what was believed until now may have been ahead
    store();
  }
}

export function now() {
  const time = Date.now() + offset;
  if (time < latest - TOLERANCE) offset += latest - time; // the clock was set back
  else if (time > latest + 60_000) {
    latest = time;
    store();
  }
  return Date.now() + offset;
}
