// The scan page without the line: what was scanned is on the disk before it counts,
// survives reload, window and browser, and goes out once and in order.
import assert from 'node:assert/strict';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { keptScans, launch, launchOptions, needsService, signInAt, url } from './helpers.mjs';
import { Line, needsControl, tellService } from './line.mjs';

const DAY = 86_400_000;
let browser;
let context;
let line;

before(async () => { browser = needsService ? null : await launch(); });
after(() => browser?.close());
beforeEach(async () => {
  if (needsService) return;
  line = new Line();
  await line.open();
  context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 } });
});
afterEach(async () => {
  await context?.close();
  await line?.cut().catch(() => null);
});

const code = (() => {
  let n = 100;
  return () => `OFFLINE-${Date.now().toString(36)}-${n += 1}`;
})();

async function scan(page, ...codes) {
  await page.bringToFront();
  for (const one of codes) {
    await page.locator('.scan-input').focus(); // an answer may have asked something meanwhile
    await page.keyboard.type(one);
    await page.keyboard.press('Enter');
    await page.locator('.recent tbody tr', { hasText: `${one.slice(0, 8)}…${one.slice(-8)}` }).first().waitFor();
  }
}

const kept = async (page) => (await keptScans(page)).map((one) => one.request.code);
const controlled = (page) => page.waitForFunction(() => navigator.serviceWorker.controller
  && navigator.serviceWorker.ready.then(() => true));
const badge = (page) => page.locator('.roof .line .badge');

async function enter(page, at = line.url) {
  await signInAt(page, at, 'clerk');
  await page.waitForSelector('.scan-input');
}

async function until(check, what, seconds = 40) {
  for (let i = 0; i < seconds * 10; i += 1) {
    if (await check()) return;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  assert.fail(`not within ${seconds} s: ${what}`);
}

// The browser that has this profile; its other processes end with it.
const pidOf = (profile) => readlinkSync(join(profile, 'SingletonLock')).split('-').pop();

const wake = (page) => page.evaluate(() => dispatchEvent(new Event('online')));
const isEmpty = (page) => async () => (await keptScans(page)).length === 0;

test('scans survive the service, a reload and the browser killed, and are posted once, in order', { skip: needsControl }, async () => {
  const profile = mkdtempSync(join(tmpdir(), 'yaoku-profile-'));
  const open = async () => {
    const session = await chromium.launchPersistentContext(profile, { ...launchOptions(), locale: 'en-GB' });
    return { session, page: session.pages()[0] ?? await session.newPage() };
  };
  const codes = Array.from({ length: 8 }, code);
  let { session, page } = await open();
  try {
    await enter(page, url);
    await controlled(page);
    await scan(page, ...codes.slice(0, 2));
    await until(isEmpty(page), 'the first two are sent');
    await tellService('kill');
    await scan(page, ...codes.slice(2, 4));
    const name = await page.locator('.roof .name').innerText();
    await page.reload();
    await page.waitForSelector('.scan-input');
    assert.equal(await page.locator('.roof .name').innerText(), name);
    assert.match(await badge(page).innerText(), /Offline\s+· 2 waiting/);
    await scan(page, ...codes.slice(4, 6));
    // Killed as it stands, with all its processes: nothing is written any more.
    process.kill(Number(pidOf(profile)), 'SIGKILL');
    await session.close().catch(() => null);
    ({ session, page } = await open());
    await page.goto(`${url}/`);
    await page.waitForSelector('.scan-input');
    assert.deepEqual(await kept(page), codes.slice(2, 6));
    await scan(page, codes[6], codes[7]);
    await tellService('start');
    await wake(page);
    // A browser that is killed may have lost its cookie: then the page asks for a log-in.
    const again = page.locator('.notice button', { hasText: 'Log in again' });
    const form = page.locator('input[name=username]');
    await until(async () => await isEmpty(page)() || await again.isVisible() || form.isVisible(), 'sent, or a log-in is asked for');
    if (await again.isVisible()) await again.click();
    if (!await isEmpty(page)()) await enter(page, url);
    await until(isEmpty(page), 'all are sent');
    const { items } = await (await page.request.get(`${url}/api/v1/scans?limit=200`)).json();
    const ours = items.filter((one) => codes.includes(one.code));
    assert.deepEqual(ours.map((one) => one.code), codes);
  } finally {
    await tellService('start');
    await session.close().catch(() => null);
    rmSync(profile, { recursive: true, force: true });
  }
});

for (const withLocks of [true, false]) {
  test(`two windows share a queue and send it once, in order, ${withLocks ? 'by locks' : 'by lease'}`, { skip: needsService }, async () => {
    if (!withLocks) await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
    const one = await context.newPage();
    const two = await context.newPage();
    await enter(one);
    await two.goto(`${line.url}/`);
    await two.waitForSelector('.scan-input');
    await line.cut();
    const codes = Array.from({ length: 6 }, code);
    for (const [n, text] of codes.entries()) await scan(n % 2 ? two : one, text);
    assert.deepEqual(await kept(one), codes);
    await until(async () => /6 waiting/.test(await badge(one).innerText()), 'one window counts the other’s');
    await line.open();
    await Promise.all([wake(one), wake(two)]);
    await until(isEmpty(one), 'all are sent');
    assert.deepEqual(line.posts.map((post) => post.code), codes);
    const sequences = line.posts.map((post) => post.sequence);
    assert.deepEqual(sequences, [...sequences].sort((a, b) => a - b));
    await until(async () => /Online\s+· 0/.test(await badge(two).innerText()), 'the other window hears of it');
    assert.equal(await one.locator('.recent tr.waiting').count() + await two.locator('.recent tr.waiting').count(), 0);
  });
}

test('the badge grows old: grey, amber over a day, red over three; it opens the list', { skip: needsService }, async () => {
  const page = await context.newPage();
  await enter(page);
  await controlled(page);
  await line.cut();
  await scan(page, code());
  const [meaning, words] = [/waiting/, /1 waiting$/];
  assert.match(await badge(page).getAttribute('class'), meaning);
  assert.match(await badge(page).innerText(), words);
  for (const [days, wanted, said] of [[1.5, /look/, /oldest 36 h/], [4, /stopped/, /oldest 4 days/]]) {
    await page.evaluate((age) => new Promise((resolve) => {
      indexedDB.open('yaoku').onsuccess = ({ target: { result: database } }) => {
        const on = database.transaction('waiting', 'readwrite').objectStore('waiting');
        on.openCursor().onsuccess = ({ target: { result: at } }) => {
          at.update({ ...at.value, request: { ...at.value.request, scanned_at: new Date(Date.now() - age).toISOString() } });
        };
        on.transaction.oncomplete = () => { database.close(); resolve(); };
      };
    }), days * DAY);
    await page.reload();
    await page.waitForSelector('.scan-input');
    await until(async () => wanted.test(await badge(page).getAttribute('class')), `${days} days`);
    assert.match(await badge(page).innerText(), said);
    assert.equal(await badge(page).locator('.icon').count(), 1);
  }
  await page.locator('.roof .line').click();
  assert.match(await page.locator('.waiting-scans').innerText(), /1 waiting[\s\S]*Go on scanning[\s\S]*OFFLINE-[\s\S]*×1/);
});

test('a clock that is set back makes no scan younger, nor blue', { skip: needsService }, async () => {
  const page = await context.newPage();
  await enter(page);
  await controlled(page);
  await line.cut();
  await scan(page, code());
  await page.addInitScript(() => {
    const real = Date.now;
    Date.now = () => real() - 400 * 86_400_000;
    const Real = Date;
    globalThis.Date = new Proxy(Real, { construct: (target, values) => new target(...(values.length ? values : [Real.now()])) });
  });
  await page.reload();
  await page.waitForSelector('.scan-input');
  const [first, second] = [code(), code()];
  await scan(page, first, second);
  const times = (await keptScans(page)).map((one) => Date.parse(one.request.scanned_at));
  assert.ok(times[1] - times[0] > -70_000 && times[2] >= times[1], String(times));
  await line.open();
  await wake(page);
  await until(isEmpty(page), 'sent');
  await scan(page, code());
  await until(() => line.posts.length === 4, 'sent too');
  assert.ok(Math.abs(Date.parse(line.posts[3].scanned_at) - Date.now()) < 10_000, 'the service’s time is known again');
});

test('the queue of earlier pages moves over once and goes out before new scans', { skip: needsService }, async () => {
  const page = await context.newPage();
  await enter(page);
  await line.cut();
  await page.evaluate(() => new Promise((resolve) => { indexedDB.deleteDatabase('yaoku').onsuccess = resolve; }));
  const codes = Array.from({ length: 5 }, code);
  const { user } = await page.evaluate(() => JSON.parse(localStorage['yaoku.session']));
  await page.evaluate(([texts, owner, name]) => {
    localStorage['yaoku.workstation'] = JSON.stringify({ name: 'W-OLD', sequence: 41 });
    texts.forEach((text, n) => {
      const request = { id: `0194fdc2-fa2f-7000-8000-00000000000${n}`.replace(/0000000/, Date.now().toString(16).slice(-7)),
        movement: 'dispense', code: text, quantity: 1, sequence: 30 + n, scanned_at: new Date().toISOString() };
      localStorage[`yaoku.waiting.${owner}.${request.id}`] = JSON.stringify({ request, name, refused: n === 4 ? { code: 'invalid_member', detail: '' } : null });
    });
  }, [codes.slice(0, 5), `${user.pharmacy_id}.${user.account}`, user.name]);
  await line.open();
  let isHeld = true;
  await page.route('**/api/v1/scans', (route) => (isHeld ? route.abort() : route.continue()));
  await page.reload();
  await page.waitForSelector('.refused-scan');
  assert.deepEqual(await kept(page), codes.slice(0, 4));
  assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('yaoku.waiting.')).length), 0);
  await page.reload();
  await page.waitForSelector('.scan-input');
  const last = code();
  await scan(page, last);
  assert.deepEqual(await kept(page), [...codes.slice(0, 4), last]);
  const sequences = (await keptScans(page)).map((one) => one.request.sequence);
  assert.ok(sequences.every((one) => one > 41), String(sequences));
  isHeld = false;
  await wake(page);
  await until(isEmpty(page), 'sent');
  assert.deepEqual(line.posts.map((post) => post.code), [...codes.slice(0, 4), last]);
});

test('a full disk: one at a time online, none without the line, and it is said', { skip: needsService }, async () => {
  const page = await context.newPage();
  await enter(page);
  await controlled(page);
  await page.evaluate(() => {
    IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); };
  });
  await scan(page, code());
  await page.locator('.result[data-outcome=held]').waitFor();
  assert.match(await page.locator('.not-kept').innerText(), /storage of this computer is full/);
  await line.cut();
  const [waits, turned] = [code(), code()];
  await scan(page, waits, turned);
  await page.locator('.result[data-outcome=rejected]').waitFor();
  assert.match(await page.locator('.result').innerText(), /Not taken[\s\S]*scan it again/);
  assert.match(await badge(page).innerText(), /1 waiting/);
  await line.open();
  await wake(page);
  await until(() => line.posts.length === 2, 'the one that was taken is sent');
  assert.equal(line.posts[1].code, waits);
  assert.deepEqual(await kept(page), []);
});

test('a storage that another window blocks is said', { skip: needsService }, async () => {
  const page = await context.newPage();
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      const asked = new EventTarget();
      setTimeout(() => asked.onblocked?.(new Event('blocked')), 20);
      return asked;
    };
  });
  await enter(page);
  await page.locator('.not-kept', { hasText: 'Another window' }).waitFor();
  await scan(page, code());
  await page.locator('.result[data-outcome=held]').waitFor();
});

test('a session that ended without the line asks for a log-in, then sends in order', { skip: needsService }, async () => {
  const page = await context.newPage();
  await enter(page);
  await line.cut();
  const codes = Array.from({ length: 3 }, code);
  await scan(page, ...codes);
  await context.clearCookies();
  await line.open();
  await wake(page);
  await page.waitForSelector('input[name=username]');
  assert.match(await page.locator('.waiting-of-others').innerText(), /3 scans/);
  assert.deepEqual(await kept(page), codes);
  await enter(page);
  await until(isEmpty(page), 'sent');
  assert.deepEqual(line.posts.map((post) => post.code), codes);
});

test('who logs out without the line is out, here and at the service', { skip: needsService }, async () => {
  const page = await context.newPage();
  await enter(page);
  await controlled(page);
  await line.cut();
  await page.locator('.roof .who button').last().click();
  await page.locator('.leave-question button.stop').click();
  await page.waitForSelector('input[name=username]');
  assert.doesNotMatch(JSON.stringify(await page.evaluate(() => ({ ...localStorage }))), /"account"/);
  await page.reload();
  await page.locator('.notice.stopped').waitFor();
  assert.equal(await page.locator('.roof').count(), 0, 'nobody is let in without the line');
  await line.open();
  await page.reload();
  await page.waitForSelector('input[name=username]');
  await page.reload();
  await page.waitForSelector('input[name=username]');
  assert.equal((await page.request.get(`${line.url}/api/v1/session`)).status(), 401);
});

test('no secret is left in the browser’s storage', { skip: needsService }, async () => {
  const page = await context.newPage();
  await enter(page);
  const { csrf } = await (await page.request.get(`${line.url}/api/v1/session`)).json();
  const stored = JSON.stringify(await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }]));
  assert.ok(!stored.includes(csrf));
});

test('an update never mixes versions, and is there at the next load and without the line', { skip: needsService }, async () => {
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await enter(page);
  await controlled(page);
  const [before, other] = [line.real, 'feedfacefeedface'];
  const versions = () => page.evaluate(() => [...new Set(performance.getEntriesByType('resource')
    .map((one) => new URL(one.name).pathname.match(/^\/v\/(\w+)/)?.[1]).filter(Boolean))]);
  line.shown = other; // the service is another one now
  await page.locator('.roof nav a[href="#/stock"]').click();
  await page.locator('main#main h1', { hasText: 'Stock' }).waitFor();
  assert.deepEqual(await versions(), [before], 'the open page goes on with its own parts');
  await page.reload();
  await page.waitForSelector('.roof');
  assert.deepEqual(await versions(), [other]);
  await until(() => page.evaluate((name) => caches.has(name), `yaoku-${other}`), 'the new version is kept');
  await until(() => page.evaluate(() => navigator.serviceWorker.getRegistration().then((one) => !one.installing && !one.waiting)), 'and serves');
  await line.cut();
  await page.reload();
  await page.waitForSelector('.roof');
  assert.deepEqual(await versions(), [other]);
  await page.locator('.roof nav a[href="#/scan"]').click();
  await page.waitForSelector('.scan-input');
  assert.deepEqual(faults, []);
});

test('the camera reads without the line once a page has been loaded', { skip: needsService }, async () => {
  const page = await context.newPage();
  await enter(page);
  await controlled(page);
  await line.cut();
  const read = await page.evaluate((version) => new Promise((resolve, reject) => {
    const worker = new Worker(`/v/${version}/scan/camera_worker.js`, { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => reject(new Error('the decoder did not load'));
    worker.postMessage({ width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(255) });
  }), line.real);
  assert.deepEqual(read, { codes: [] });
  await page.keyboard.press('Alt+c');
  await page.waitForSelector('.camera[data-state]');
});

test('the service worker keeps the pages and nothing else', { skip: needsService }, async () => {
  const page = await context.newPage();
  await enter(page);
  await controlled(page);
  await page.evaluate(() => Promise.all(['/healthz', '/metrics', '/api/v1/session'].map((path) => fetch(path))));
  const paths = await page.evaluate(async () => (await Promise.all((await caches.keys())
    .map(async (name) => (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat());
  assert.ok(paths.length > 50);
  assert.deepEqual(paths.filter((path) => !path.startsWith(`/v/${line.real}/`)), []);
});
