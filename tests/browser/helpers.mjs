// A browser at the service named by YAOKU_URL, and people who sign in to it.
import { chromium } from 'playwright-core';

export const url = process.env.YAOKU_URL?.replace(/\/$/, '');
export const needsService = url ? false : 'YAOKU_URL is not set';

export const launchOptions = (more = []) => ({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', ...more],
});
export const launch = (more) => chromium.launch(launchOptions(more));

// What a page must not do: log an error, throw, break the policy, or ask for
// something that fails. Asking who is signed in is the one 401 that is no fault.
export function watchFaults(page) {
  const faults = [];
  const isExpected = (address) => new URL(address).pathname === '/api/v1/session';
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.location().url || url)) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400 && !isExpected(response.url())) faults.push(`${response.status()} ${response.url()}`);
  });
  return faults;
}

// Without a service worker, unless it is what the test is about: what a test answers
// in the service's place must reach the page.
export async function openPage(browser, { locale = 'zh-CN', width = 1440, height = 900, ...more } = {}) {
  const context = await browser.newContext({ locale, viewport: { width, height }, serviceWorkers: 'block', ...more });
  const page = await context.newPage();
  return { context, page, faults: watchFaults(page) };
}

export const signIn = (page, username) => signInAt(page, url, username);

// By keyboard only: the log-in has the focus when it opens.
export async function signInAt(page, address, username) {
  await page.goto(`${address}/`);
  await page.waitForSelector('input[name=username]:focus');
  await page.keyboard.type(username);
  await page.keyboard.press('Tab');
  await page.keyboard.type('demo');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.roof');
}

// Keys as a scanner types them, with no time between them, and what a browser does with each.
export const typeFast = (page, text) => page.evaluate((keys) => {
  for (const key of [...keys, 'Enter']) {
    const target = document.activeElement;
    const mayAct = target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    if (mayAct && key === 'Enter') target.form?.requestSubmit();
    else if (mayAct && 'setRangeText' in target) {
      target.setRangeText(key, target.selectionStart, target.selectionEnd, 'end');
      target.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
  }
}, text);

// A call of the service as the person signed in to this page.
export async function call(page, path) {
  const response = await page.request.get(`${url}/api/v1${path}`);
  if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`);
  return response.json();
}

export async function callAll(page, path) {
  const items = [];
  let cursor = '';
  do {
    const answer = await call(page, `${path}${path.includes('?') ? '&' : '?'}limit=1000${cursor && `&cursor=${cursor}`}`);
    items.push(...answer.items);
    cursor = answer.next;
  } while (cursor);
  return items;
}

// The scans in the browser's database, in their order; `store`: waiting or refused.
export const keptScans = (page, store = 'waiting') => page.evaluate(async (name) => {
  const known = await indexedDB.databases(); // asking for one that is not there makes an empty one
  if (!known.some((one) => one.name === 'yaoku' && one.version > 0)) return [];
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open('yaoku');
    asked.onerror = () => reject(asked.error);
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onsuccess = () => {
      const all = asked.result.transaction(name).objectStore(name).getAll();
      all.onsuccess = () => { asked.result.close(); resolve(all.result); };
      all.onerror = () => reject(all.error);
    };
  });
}, store);
