// Calls of the service. Every answer that is not a success becomes an ApiError
// that knows the stable code, so that pages translate it instead of guessing.
import { heardTime } from './clock.js';
import { transact } from './database.js';
import { keep } from './store.js';

const BASE = '/api/v1';
const READY = 5000; // ms for a service that is well to say so
const KEPT = 'yaoku.session'; // {user}: who is logged in here; a reload without the line knows
const LEFT = 'yaoku.left'; // somebody logged out here while the service could not be told
let csrf = null;
let account = null; // the user name that logged in; names of people are not unique
const signedOut = new Set();

export class ApiError extends Error {
  constructor(status, problem = {}, retryAfter = null) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.status = status; // 0: no answer came
    this.code = problem.code ?? (status === 0 ? 'unreachable' : `http_${status}`);
    this.detail = problem.detail ?? problem.title ?? '';
    this.problem = problem;
    this.retryAfter = retryAfter; // seconds, as the service asked
  }
}

// Told when the service does not take this page's session (any more).
export function onSignedOut(tell) {
  signedOut.add(tell);
  return () => signedOut.delete(tell);
}

export function address(path, query = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, value);
  }
  const text = search.toString();
  return BASE + path + (text ? `?${text}` : '');
}

export const csvAddress = (path, query = {}) => address(path, { ...query, format: 'csv' });

async function answerOf(response) {
  const type = response.headers.get('Content-Type') ?? '';
  if (!type.includes('json')) return null;
  return response.json().catch(() => null);
}

async function call(method, path, { query, body, signal, as } = {}) {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrf) headers['X-CSRF-Token'] = csrf;
  let response;
  try {
    response = await fetch(address(path, query), {
      method, headers, signal, credentials: 'same-origin',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (cause) {
    if (cause.name === 'AbortError') throw cause;
    throw new ApiError(0);
  }
  heardTime(response.headers.get('Date'));
  if (response.ok && as === 'text') return response.text();
  const answer = await answerOf(response);
  if (response.ok) return answer;
  const isOver = response.status === 401 || (response.status === 403 && answer?.code === 'csrf');
  if (isOver && path !== '/session') signedOut.forEach((tell) => tell());
  throw new ApiError(response.status, answer ?? {}, Number(response.headers.get('Retry-After')) || null);
}

export const get = (path, query, signal) => call('GET', path, { query, signal });
export const getText = (path, query, signal) => call('GET', path, { query, signal, as: 'text' });
export const post = (path, body = {}, signal = undefined) => call('POST', path, { body, signal });
// A write that must not go out in another person's name.
export async function postAs(owner, path, body, signal) {
  if (account === null) await checkSession(); // this page began without the line
  if (owner !== account) throw new ApiError(401, { code: 'unauthenticated' });
  return post(path, body, signal);
}
export const put = (path, body) => call('PUT', path, { body });
export const remove = (path) => call('DELETE', path);

// Follows the cursor until the list ends or `most` rows are here.
export async function getAll(path, query, { most = 5000, signal, page = 1000 } = {}) {
  const items = [];
  let cursor;
  do {
    const answer = await get(path, { ...query, cursor, limit: page }, signal);
    items.push(...(answer.items ?? []));
    cursor = answer.next;
  } while (cursor && items.length < most);
  return { items, more: Boolean(cursor) };
}

// Browsers write localStorage to the disk when they like, up to a minute late; who
// loses power meanwhile, and the line, must still find the page.
const onDisk = (mode, work) => transact(['session'], mode, (on) => work(on.objectStore('session'))).catch(() => null);

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function remember(session, username) {
  const old = kept();
  csrf = session.csrf;
  // Earlier pages kept the secret itself.
  const known = old.user?.id === session.user.id ? old.user.account : old.csrf === csrf && old.account;
  account = username ?? (known || session.user.name);
  const user = { ...session.user, account };
  localStorage.removeItem(LEFT);
  keep(KEPT, JSON.stringify({ user }));
  onDisk('readwrite', (store) => store.put({ name: 'user', user }));
  return user;
}

function forget() {
  csrf = null;
  account = null;
  localStorage.removeItem(KEPT);
  return onDisk('readwrite', (store) => store.delete('user'));
}

// Who was logged in here when the service last answered: their scans can be kept
// while it does not.
export async function rememberedUser() {
  const user = kept().user ?? (await onDisk('readonly', (store) => store.get('user')))?.user;
  return user?.account ? { ...user, isRemembered: true } : null;
}

// Who is signed in, or null.
export async function whoAmI() {
  try {
    const session = await get('/session');
    if (localStorage.getItem(LEFT) === null) return remember(session);
    csrf = session.csrf;
    await call('DELETE', '/session');
    localStorage.removeItem(LEFT);
  } catch (error) {
    if (error.status !== 401 && error.status !== 404) throw error;
  }
  forget();
  return null;
}

// Fails unless somebody is signed in, and tells when nobody is any more.
export async function checkSession() {
  if (await whoAmI()) return;
  signedOut.forEach((tell) => tell());
  throw new ApiError(401, { code: 'unauthenticated' });
}

export const signIn = async (username, password) => remember(await post('/session', { username, password }), username);

// Without the line the service is told before anybody else gets in here.
export async function signOut() {
  try {
    await call('DELETE', '/session');
  } catch (error) {
    if (error.status !== 401) keep(LEFT, '1');
  } finally {
    await forget();
  }
}

export const isReady = () => fetch('/readyz', { signal: AbortSignal.timeout(READY) }).then((response) => response.ok, () => false);

// Whether this is the made-up district, whose log-ins may be shown.
export async function isDemo() {
  try {
    const response = await fetch('/readyz', { headers: { Accept: 'application/json' } });
    return Boolean((await answerOf(response))?.demo);
  } catch {
    return false;
  }
}
