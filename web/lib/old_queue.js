// Pages before the database kept waiting scans in localStorage, a key for each:
// yaoku.waiting.PHARMACY.ACCOUNT.ID → {request, name, refused}. They move over
// once; a key goes only when the database has its scan.
const PREFIX = 'yaoku.waiting.';

function parsed(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// The last number those pages gave to a scan.
export const countedSoFar = () => Number(parsed('yaoku.workstation')?.sequence) || 0;

function oldScans() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
    .map((key) => ({ key, owner: key.slice(PREFIX.length, key.lastIndexOf('.')), ...parsed(key) }))
    .filter((one) => one.request?.id)
    .sort((a, b) => (a.request.id < b.request.id ? -1 : 1)); // begins with the time
}

function move(transaction, { owner, name, request, refused }) {
  if (refused) {
    transaction.objectStore('refused').put({ owner, name, request, refused });
    return;
  }
  // The database counts anew, in the old order; the service knows a scan by its id.
  const { sequence, ...rest } = request;
  const waiting = transaction.objectStore('waiting');
  const known = waiting.index('id').getKey(request.id);
  known.onsuccess = () => {
    if (known.result === undefined) waiting.add({ owner, name, window: null, request: rest });
  };
}

// `run` does its work in one transaction. What cannot be moved now stays and is
// moved another time.
export async function adoptOldScans(run) {
  const scans = oldScans();
  if (scans.length === 0) return;
  try {
    await run((transaction) => scans.forEach((one) => move(transaction, one)));
    scans.forEach(({ key }) => localStorage.removeItem(key));
  } catch (error) {
    console.warn(error);
  }
}
