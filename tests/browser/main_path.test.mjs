// The whole path of the three users: the clerk dispenses down to the minimum, the
// supplier sees the order, confirms and ships it, the clerk receives it by scan,
// and the administrator's reports show it. The clerk never touches the mouse.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, callAll, launch, needsService, openPage, signIn } from './helpers.mjs';

const LOT = `T${Date.now().toString(36).toUpperCase()}`;
const EXPIRY = `${new Date().getUTCFullYear() + 2}-06-30`;

let browser;
const people = {};
const path = {}; // what one step leaves for the next: shelf, quantity, order

before(async () => {
  if (needsService) return;
  browser = await launch();
  for (const name of ['clerk', 'supplier', 'admin']) {
    people[name] = await openPage(browser);
    await signIn(people[name].page, name);
  }
});
after(() => browser?.close());

// The answer to the scan that was just sent.
async function answerOf(page, number) {
  const result = page.locator(`.result[data-number="${number}"]:not([data-outcome="waiting"])`);
  await result.waitFor();
  return result;
}

async function scan(page, text) {
  const last = await page.locator('.result[data-number]').getAttribute('data-number', { timeout: 200 }).catch(() => '0');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  return answerOf(page, Number(last) + 1);
}

// A shelf that one scan of one lot takes down to its minimum, and no order yet.
async function findShelf() {
  const { user } = await call(people.clerk.page, '/session');
  const levels = await callAll(people.supplier.page, '/supplier/stock');
  const stock = await callAll(people.clerk.page, '/stock?state=usable');
  const firstLot = (product) => stock.filter((lot) => lot.product_id === product && lot.quantity > 0)
    .sort((a, b) => (a.expiry < b.expiry ? -1 : 1))[0]?.quantity ?? 0;
  return levels.filter((row) => row.pharmacy_id === user.pharmacy_id && row.preferred && row.on_order === 0)
    .map((row) => ({ ...row, above: row.position - row.minimum }))
    .filter((row) => row.above > 0 && row.above <= firstLot(row.product_id))
    .sort((a, b) => a.above - b.above)[0];
}

test('the clerk dispenses to the minimum by keyboard', { skip: needsService }, async () => {
  const { page, faults } = people.clerk;
  path.shelf = await findShelf();
  assert.ok(path.shelf, 'the demo district has a shelf above its minimum without an order');
  await page.keyboard.press('F1');
  await page.keyboard.type(String(path.shelf.above));
  await page.keyboard.press('Enter');
  await page.waitForSelector('.quantity.set, .quantity');
  const result = await scan(page, path.shelf.gtin);
  assert.equal(await result.getAttribute('data-outcome'), 'posted', await result.innerText());
  assert.match(await result.innerText(), new RegExp(`×${path.shelf.above}`));
  assert.deepEqual(faults, []);
});

test('the supplier sees the order, confirms it and ships it with lots', { skip: needsService }, async () => {
  const { page, faults } = people.supplier;
  const isOurs = (order) => order.pharmacy.id === path.shelf.pharmacy_id
    && order.lines.some((line) => line.product_id === path.shelf.product_id);
  await page.waitForFunction(() => document.querySelector('.page h1'));
  let answer = await call(page, '/supplier/orders?status=open&limit=1000');
  for (let i = 0; i < 20 && !answer.orders.some(isOurs); i += 1) {
    answer = await call(page, `/supplier/orders?status=open&limit=1000&wait=1&cursor=${answer.cursor}`);
  }
  path.order = answer.orders.find(isOurs);
  assert.ok(path.order, 'an order stands open for what was dispensed');

  const link = page.locator(`a[href="#/supply/${path.order.id}"]`);
  await link.waitFor(); // the list shows it by itself
  await link.click();
  await page.locator('button[name=confirm]').click();
  await page.locator('button[name=confirm]').waitFor({ state: 'detached' });
  for (const row of await page.locator('.lot-row').all()) {
    await row.locator('input[name=lot]').fill(LOT);
    await row.locator('input[name=expiry]').fill(EXPIRY);
  }
  await page.locator('button[name=ship]').click();
  await page.locator('button[name=ship]').waitFor({ state: 'detached' });
  await page.locator('.notice.done').waitFor();
  assert.deepEqual(faults, []);
});

test('the clerk receives the shipment by scan until the list is green', { skip: needsService }, async () => {
  const { page, faults } = people.clerk;
  const order = await call(page, `/orders/${path.order.id}`);
  assert.equal(order.status, 'shipped');
  await page.keyboard.press('F1');
  await page.keyboard.press('F2');
  await page.locator('.shipment', { hasText: String(order.id) }).waitFor();
  for (const line of order.lines) {
    await page.keyboard.type(`${line.shipped}*`);
    const code = `01${line.gtin.padStart(14, '0')}17${EXPIRY.replaceAll('-', '').slice(2)}10${LOT}`;
    const result = await scan(page, code);
    assert.equal(await result.getAttribute('data-outcome'), 'posted', await result.innerText());
  }
  await page.waitForFunction((lines) => document.querySelectorAll('tr.ticked').length === lines, order.lines.length);
  assert.equal((await call(page, `/orders/${path.order.id}`)).status, 'received');
  assert.deepEqual(faults, []);
});

test('the clerk undoes the last scan with Ctrl+Z', { skip: needsService }, async () => {
  const { page, faults } = people.clerk;
  await page.keyboard.press('F1');
  const result = await scan(page, path.shelf.gtin);
  assert.equal(await result.getAttribute('data-outcome'), 'posted', await result.innerText());
  await page.keyboard.press('Control+z');
  await page.locator('tr.undone').first().waitFor();
  assert.deepEqual(faults, []);
});

test('a scan is caught while another field has the focus', { skip: needsService }, async () => {
  const { page, faults } = people.clerk;
  await page.keyboard.press('F8');
  await page.waitForSelector('input[name=product-search]:focus');
  const result = await scan(page, 'NOT-A-CODE-OF-THIS-DISTRICT');
  assert.equal(await result.getAttribute('data-outcome'), 'held');
  assert.equal(await page.locator('.scan-side input[name=product-search]').inputValue(), '');
  await page.keyboard.press('Escape');
  assert.deepEqual(faults, []);
});

test('the administrator reads both reports', { skip: needsService }, async () => {
  const { page, faults } = people.admin;
  for (const name of ['turnover', 'expiry-loss']) {
    for (const group of ['month', 'pharmacy']) {
      await page.evaluate((hash) => { location.hash = hash; }, `#/reports/${name}?group_by=${group}`);
      await page.locator('.chart canvas').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('tbody tr td:not(:has(.skeleton))').length > 0);
    }
  }
  assert.deepEqual(faults, []);
});
