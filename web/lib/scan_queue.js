// Scans kept in the browser's database until the service has answered for them.
// Each belongs to the person who scanned it: nobody else's log-in sends it. All
// windows of the browser see the same queue and tell each other of its changes.
import { transact } from './database.js';
import { uuid7 } from './uuid.js';

export const ownerKey = (user) => `${user.pharmacy_id}.${encodeURIComponent(user.account).replaceAll('.', '%2E')}`;

// This window, also after a reload.
const WINDOW = (() => {
  try {
    return sessionStorage['yaoku.window'] ??= uuid7();
  } catch {
    return uuid7();
  }
})();

export class ScanQueue {
  // onNews(news): another window kept a scan ({}) or settled one ({request, result, isMine}).
  constructor(user, onNews) {
    this.owner = ownerKey(user);
    this.name = user.name;
    this.channel = globalThis.BroadcastChannel ? new BroadcastChannel(`yaoku.scans.${this.owner}`) : null;
    this.channel?.addEventListener('message', ({ data }) => onNews({ ...data, isMine: data.window === WINDOW }));
  }

  close() {
    this.channel?.close();
  }

  // Gives the record once it is on the disk, its scan numbered in the order of scanning.
  async keep(request) {
    const record = { owner: this.owner, name: this.name, window: WINDOW, request };
    const sequence = await transact(['waiting'], 'readwrite', (on) => on.objectStore('waiting').add(record));
    this.channel?.postMessage({});
    return { ...record, request: { ...request, sequence } };
  }

  // What waits, in the order of scanning.
  waiting(most) {
    return transact(['waiting'], 'readonly', (on) => on.objectStore('waiting').index('owner').getAll(this.owner, most));
  }

  refused() {
    return transact(['refused'], 'readonly', (on) => on.objectStore('refused').index('owner').getAll(this.owner));
  }

  async settle({ window, request }, result) {
    if (request.sequence) {
      await transact(['waiting'], 'readwrite', (on) => on.objectStore('waiting').delete(request.sequence));
    }
    this.channel?.postMessage({ window, request, result });
  }

  // Leaves the queue for those that a person must see.
  async refuse({ window, request }, refused, result) {
    const record = { owner: this.owner, name: this.name, request, refused };
    await transact(['waiting', 'refused'], 'readwrite', (on) => {
      if (request.sequence) on.objectStore('waiting').delete(request.sequence);
      return on.objectStore('refused').put(record);
    });
    this.channel?.postMessage({ window, request, result });
    return record;
  }

  async putAside(id) {
    await transact(['refused'], 'readwrite', (on) => on.objectStore('refused').delete(id));
    this.channel?.postMessage({});
  }
}

// Whose scans wait on this workstation, apart from those of `user`: [{key, name, n}].
export async function waitingOfOthers(user) {
  const own = user && ownerKey(user);
  const people = new Map();
  const records = await transact(['waiting'], 'readonly', (on) => on.objectStore('waiting').getAll());
  for (const { owner, name } of records) {
    if (owner !== own) people.set(owner, { key: owner, name, n: (people.get(owner)?.n ?? 0) + 1 });
  }
  return [...people.values()];
}

// Asks the browser not to clear the database when its disk runs short.
export async function askToStay() {
  try {
    return await navigator.storage.persist();
  } catch {
    return false;
  }
}
