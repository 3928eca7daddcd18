// One window at a time: the browser's locks where it has them, else a lease in
// the database. A window that dies gives its turn back by itself.
import { transact } from './database.js';
import { uuid7 } from './uuid.js';

const LEASE = 120_000; // ms, more than one act takes
const AGAIN = 200;
const holder = uuid7();

async function take(name) {
  let isOurs = false;
  await transact(['lease'], 'readwrite', (on) => {
    const store = on.objectStore('lease');
    const asked = store.get(name);
    asked.onsuccess = () => {
      const held = asked.result;
      isOurs = !held || held.until < Date.now() || held.until > Date.now() + LEASE; // nobody leases longer
      if (isOurs) store.put({ name, holder, until: Date.now() + LEASE });
    };
  });
  return isOurs;
}

const giveBack = (name) => transact(['lease'], 'readwrite', (on) => {
  const store = on.objectStore('lease');
  const asked = store.get(name);
  asked.onsuccess = () => { if (asked.result?.holder === holder) store.delete(name); };
});

async function inLease(name, act) {
  // Without the database each window has its own scans only.
  while (!await take(name).catch(() => true)) await new Promise((resolve) => { setTimeout(resolve, AGAIN); });
  try {
    return await act();
  } finally {
    await giveBack(name).catch(() => null);
  }
}

export const inTurn = (name, act) => (navigator.locks ? navigator.locks.request(name, act) : inLease(name, act));
