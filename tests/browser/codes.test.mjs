// The learned codes' page: what a manager revokes and an administrator approves,
// its effect in numbers first, and the scans that a revoked code touched.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { call, launch, needsService, openPage, signIn, url } from './helpers.mjs';

let browser;
before(async () => { browser = needsService ? null : await launch(); });
after(() => browser?.close());

// Posts as the person signed in to this page.
async function post(page, path, data) {
  const { csrf } = await call(page, '/session');
  const response = await page.request.post(`${url}/api/v1${path}`, { data, headers: { 'X-CSRF-Token': csrf } });
  assert.ok(response.ok(), `${path}: ${await response.text()}`);
  return response.json();
}

const receive = async (page, code, more = {}) => (await post(page, '/scans',
  { id: randomUUID(), movement: 'receive', code, lot: 'CODES', expiry: '2031-05-31', ...more })).results[0];

// A code that is bound here and was scanned twice.
async function teach(page, code) {
  const [product] = (await call(page, '/products?limit=1')).items;
  const held = await receive(page, code);
  await post(page, `/scans/${held.id}/bind`, { product_id: product.id, remember: true });
  await receive(page, code);
  return product;
}

async function openCodes(page, code) {
  await page.goto(`${url}/#/codes?search=${encodeURIComponent(code)}`);
  await page.locator('tbody tr', { hasText: code }).first().waitFor();
  return page.locator('tbody tr', { hasText: code }).first();
}

test('a manager revokes a code and sees what it touched, by keyboard', { skip: needsService }, async () => {
  const { page, faults, context } = await openPage(browser, { locale: 'en-GB' });
  await signIn(page, 'manager');
  const code = `Browser ${randomUUID().slice(0, 8)}`;
  await teach(page, code);
  const row = await openCodes(page, code);
  assert.match(await row.innerText(), /waits for approval/);
  assert.equal(await row.getByRole('button', { name: 'Approve' }).count(), 0);
  await row.getByRole('button', { name: 'Revoke' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('form.question').waitFor();
  assert.match(await page.locator('form.question').innerText(), /2 scans used it/);
  const touched = page.locator('tr.after tbody tr');
  await touched.first().waitFor();
  assert.equal(await touched.count(), 2);
  assert.match(await touched.first().locator('a').getAttribute('href'), /^#\/movements\?.*lot=CODES/);
  await page.waitForSelector('input[name=reason]:focus');
  await page.keyboard.type('another medicine');
  await page.keyboard.press('Enter');
  await page.locator('.notice.done').waitFor();
  assert.match(await page.locator('.notice.done').innerText(), /revoked. 2 scans/);
  await page.locator('tbody tr', { hasText: 'another medicine' }).waitFor();
  assert.equal((await receive(page, code)).outcome, 'held');
  assert.deepEqual(faults, []);
  await context.close();
});

test('an administrator approves a code for the district', { skip: needsService }, async () => {
  const manager = await openPage(browser);
  await signIn(manager.page, 'manager');
  const code = `Browser ${randomUUID().slice(0, 8)}`;
  await teach(manager.page, code);
  const { page, faults, context } = await openPage(browser, { width: 390 });
  await signIn(page, 'admin');
  const row = await openCodes(page, code);
  await row.getByRole('button', { name: '批准' }).click();
  await page.locator('form.question .primary').click();
  await page.locator('.notice.done').waitFor();
  await page.locator('tbody tr', { hasText: '全区可用' }).first().waitFor();
  const items = (await call(page, `/codes?search=${encodeURIComponent(code)}`)).items;
  assert.deepEqual(items.map((one) => [one.pharmacy_id === null, one.state]), [[true, 'district'], [false, 'district']]);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth) <= 0);
  assert.deepEqual([...faults, ...manager.faults], []);
  await context.close();
  await manager.context.close();
});

test('a held code is remembered with its lot and its packs', { skip: needsService }, async () => {
  const { page, faults, context } = await openPage(browser, { locale: 'en-GB' });
  await signIn(page, 'manager');
  const code = `Browser ${randomUUID().slice(0, 8)}`;
  await receive(page, code);
  await page.goto(`${url}/#/held`);
  const card = page.locator('li', { hasText: code });
  await card.getByRole('button', { name: 'Decide' }).click();
  await card.getByRole('combobox').fill('阿莫西林');
  await card.getByRole('option').first().click();
  await card.getByLabel('Remember this code').check();
  await card.getByLabel('It also stands for this lot').check();
  await card.getByLabel('Packs in it, if more than one').fill('4');
  await card.getByRole('button', { name: 'Post', exact: true }).click();
  await page.locator('.notice.done').waitFor();
  const [learned] = (await call(page, `/codes?search=${encodeURIComponent(code)}`)).items;
  assert.deepEqual([learned.lot, learned.expiry, learned.units, learned.used], ['CODES', '2031-05-31', 4, 1]);
  const again = await receive(page, code, { lot: undefined, expiry: undefined });
  assert.deepEqual([again.outcome, again.lot, again.quantity], ['posted', 'CODES', 4]);
  assert.deepEqual(faults, []);
  await context.close();
});
