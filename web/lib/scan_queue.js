// Scans kept in the browser's storage until the service has answered for them.
// Each belongs to the person who scanned it: nobody else's log-in sends it. One
// key of storage for each scan: two windows never overwrite each other. A record
// is {request, name, refused}; refused is the service's {code, detail} or null.
import { keep } from './store.js';

const PREFIX = 'yaoku.waiting.';

export const ownerKey = (user) => `${user.pharmacy_id}.${encodeURIComponent(user.account).replaceAll('.', '%2E')}`;

function read(key) {
  try {
    const record = JSON.parse(localStorage.getItem(key));
    return record?.request ? record : null;
  } catch {
    return null;
  }
}

const keysFrom = (prefix) => Object.keys(localStorage).filter((key) => key.startsWith(prefix));

export class ScanQueue {
  constructor(user) {
    this.name = user.name;
    this.isKept = true; // the last scan; false: this browser's storage is full
    this.prefix = `${PREFIX}${ownerKey(user)}.`;
  }

  records() {
    return keysFrom(this.prefix).map(read).filter(Boolean).sort((a, b) => (a.request.id < b.request.id ? -1 : 1));
  }

  keep(request, refused = null) {
    this.isKept = keep(this.prefix + request.id, JSON.stringify({ request, name: this.name, refused }));
  }

  drop(id) {
    localStorage.removeItem(this.prefix + id);
  }
}

// Whose scans wait on this workstation, apart from those of `user`: [{key, name, n}].
export function waitingOfOthers(user) {
  const own = user && `${PREFIX}${ownerKey(user)}.`;
  const people = new Map();
  for (const key of keysFrom(PREFIX)) {
    const record = own && key.startsWith(own) ? null : read(key);
    if (!record || record.refused) continue;
    const owner = key.slice(0, key.lastIndexOf('.'));
    people.set(owner, { key: owner, name: record.name, n: (people.get(owner)?.n ?? 0) + 1 });
  }
  return [...people.values()];
}
