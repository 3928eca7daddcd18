// What belongs to this workstation, not to the person: its name and loudness. Kept
// in the browser; the scanner's habits are kept by the service under the name.
import { keep } from './store.js';

const KEY = 'yaoku.workstation';
const listeners = new Set();
const defaults = () => ({
  name: `W-${Math.random().toString(36).slice(2, 6).toUpperCase()}`,
  volume: 0.6,
});

function read() {
  try {
    return { ...defaults(), ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return defaults();
  }
}

let settings = read();
keep(KEY, JSON.stringify(settings));

export const workstation = () => settings;

export function changeWorkstation(changes) {
  settings = { ...settings, ...changes };
  keep(KEY, JSON.stringify(settings));
  listeners.forEach((tell) => tell(settings));
}

export function onWorkstation(tell) {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
