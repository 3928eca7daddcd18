// The browser's database of scans, shared by all windows. A transaction is done
// when the disk has it; one that cannot be is a StorageError with its reason.
//
//   waiting  {owner, name, window, request}, by request.sequence, which the database
//            itself counts: two windows never draw the same one
//   refused  {owner, name, request, refused}, by request.id
//   session  {name: 'user', user}: who is logged in here, on the disk at once
//   lease    {name, holder, until}: whose turn it is where the browser has no locks
import { adoptOldScans, countedSoFar } from './old_queue.js';

const NAME = 'yaoku';
const VERSION = 1;
const PATIENCE = 5000; // ms; a database that hangs keeps nothing

export class StorageError extends Error {
  constructor(reason, cause) {
    super(`storage: ${reason}`, { cause });
    this.reason = reason; // full, blocked, closed
  }
}

const storageError = (error) => (error instanceof StorageError ? error
  : new StorageError(error?.name === 'QuotaExceededError' ? 'full' : 'closed', error));

function upgrade({ result: database, transaction }) {
  const waiting = database.createObjectStore('waiting', { keyPath: 'request.sequence', autoIncrement: true });
  waiting.createIndex('owner', 'owner');
  waiting.createIndex('id', 'request.id', { unique: true });
  database.createObjectStore('refused', { keyPath: 'request.id' }).createIndex('owner', 'owner');
  database.createObjectStore('lease', { keyPath: 'name' });
  database.createObjectStore('session', { keyPath: 'name' });
  const counted = countedSoFar(); // a key once used is never counted again
  if (counted > 0) {
    transaction.objectStore('waiting').add({ request: { sequence: counted } });
    transaction.objectStore('waiting').delete(counted);
  }
}

let opened = null; // a promise of the database

const forget = () => { opened = null; };

function connect() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    const giveUp = () => {
      reject(new StorageError('blocked'));
      asked.onsuccess = () => asked.result.close();
    };
    const timer = setTimeout(giveUp, PATIENCE);
    asked.onblocked = giveUp;
    asked.onupgradeneeded = () => upgrade(asked);
    asked.onerror = () => reject(storageError(asked.error));
    asked.onsuccess = () => {
      const database = asked.result;
      database.onclose = forget;
      // A newer page wants another form of it: this one must not stand in the way.
      database.onversionchange = () => { database.close(); forget(); };
      resolve(database);
    };
    asked.addEventListener('success', () => clearTimeout(timer));
    asked.addEventListener('error', () => clearTimeout(timer));
  });
}

// Runs work(transaction), which returns a request or a list of them; gives their
// results once the transaction is complete.
function run(database, stores, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode, { durability: 'strict' });
    // Given up only for certain: an abort that comes too late changes nothing.
    const timer = setTimeout(() => { try { transaction.abort(); } catch { /* it is complete */ } }, PATIENCE);
    let asked = null;
    transaction.oncomplete = () => {
      clearTimeout(timer);
      resolve(Array.isArray(asked) ? asked.map((one) => one.result) : asked?.result);
    };
    transaction.onabort = () => {
      clearTimeout(timer);
      reject(storageError(transaction.error));
    };
    asked = work(transaction);
  });
}

async function open() {
  const database = await connect();
  await adoptOldScans((work) => run(database, ['waiting', 'refused'], 'readwrite', work));
  return database;
}

async function attempt(stores, mode, work) {
  opened ??= open();
  try {
    return await run(await opened, stores, mode, work);
  } catch (error) {
    if (error.reason !== 'full') forget(); // the next one opens it anew
    throw error;
  }
}

export async function transact(stores, mode, work) {
  try {
    // A database that was closed under us is opened again at once.
    return await attempt(stores, mode, work).catch((error) => {
      if (error.name !== 'InvalidStateError') throw error;
      return attempt(stores, mode, work);
    });
  } catch (error) {
    throw storageError(error);
  }
}
