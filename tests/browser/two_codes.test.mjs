// Two codes of one box are one line, and a carton's label, scanned twice, receives the
// whole shipment. By keyboard only.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { call, callAll, launch, needsService, openPage, signIn, url } from './helpers.mjs';

let browser;
let context;
let page;
let faults;

before(async () => { browser = needsService ? null : await launch(); });
after(() => browser?.close());
beforeEach(async () => {
  if (needsService) return;
  ({ context, page, faults } = await openPage(browser, { locale: 'en-GB' }));
  await signIn(page, 'clerk');
  await page.waitForSelector('.scan-input:focus');
});
afterEach(() => context?.close());

const enter = async (text) => { await page.keyboard.type(text); await page.keyboard.press('Enter'); };
const settled = (outcome) => page.locator(`.result[data-outcome="${outcome}"]`).waitFor();
const rows = () => page.locator('.recent tbody tr').count();
const linesAre = (n) => page.waitForFunction((wanted) => document.querySelectorAll('.recent tbody tr').length === wanted, n);
const half = (lot, expiry) => `]d217${expiry.slice(2).replaceAll('-', '')}10${lot}`;
const picture = async (name) => process.env.PICTURES && page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });

async function write(asker, path, body) {
  const { csrf } = await call(asker, '/session');
  const answer = await asker.request.post(`${url}/api/v1${path}`, { data: body, headers: { 'X-CSRF-Token': csrf } });
  assert.equal(answer.status(), 200, await answer.text());
  return answer.json();
}

// A product with two lots that can be used, first to expire first.
async function twoLots() {
  const items = (await callAll(page, '/stock?state=usable')).filter((row) => row.quantity >= 3)
    .sort((a, b) => (a.expiry < b.expiry ? -1 : 1));
  for (const row of items) {
    const lots = items.filter((one) => one.product_id === row.product_id);
    if (lots.length < 2 || lots[0].expiry === lots[1].expiry) continue;
    const { items: [product] } = await call(page, `/products?product_id=${row.product_id}`);
    return { gtin: product.gtin, lots };
  }
  return assert.fail('the demo district has a product with two lots');
}

test('the other code of a dispensed box puts its lot right', { skip: needsService }, async () => {
  const { gtin, lots } = await twoLots();
  const before = await rows();
  await enter(gtin);
  await settled('posted');
  await enter(half(lots[1].lot, lots[1].expiry));
  await page.locator('.result-facts', { hasText: lots[1].lot }).waitFor();
  assert.match(await page.locator('.result-facts').innerText(), /Both codes of the box/);
  assert.equal(await rows(), before + 1);
  await picture('joined');
  await page.keyboard.press('Control+z');
  await page.locator('.result.said').waitFor();
  assert.deepEqual(faults, []);
});

test('a box whose lot is refused is not counted, and nothing asks to send half of it again', { skip: needsService }, async () => {
  const { gtin, lots } = await twoLots();
  await enter(gtin);
  await settled('posted');
  await enter(half('NOT-HERE', lots[1].expiry));
  await settled('rejected');
  assert.equal(await page.locator('.question').count(), 0);
  assert.equal(await page.locator('.recent tbody tr.undone').count(), 1);
  await picture('refused_half');
  const after = (await callAll(page, '/stock?state=usable')).filter((row) => row.product_id === lots[0].product_id);
  assert.deepEqual(after.map((row) => row.quantity).sort(), lots.map((row) => row.quantity).sort());
  assert.deepEqual(faults, []);
});

test('lot and expiry come before the product, and after', { skip: needsService }, async () => {
  const { gtin } = await twoLots();
  const expiry = `${new Date().getUTCFullYear() + 2}-06-30`;
  await page.keyboard.press('F2');
  const before = await rows();
  await enter(half('HALFFIRST', expiry));
  await enter(gtin);
  await linesAre(before + 1); // the half alone says its lot too
  await page.locator('.result-facts', { hasText: 'HALFFIRST' }).waitFor();
  await enter(gtin);
  await page.waitForSelector('.result[data-outcome=held] .question input');
  await enter(half('HALFLAST', expiry));
  await page.locator('.result-facts', { hasText: 'HALFLAST' }).waitFor();
  await linesAre(before + 2);
  await page.keyboard.press('F1');
  await enter(half('ALONE', expiry));
  await page.locator('.result-advice', { hasText: 'other code within 5 seconds' }).waitFor();
  await picture('half');
  assert.deepEqual(faults, []);
});

test('the end of the time for the other code is said and heard', { skip: needsService }, async () => {
  await page.evaluate(() => {
    window.tones = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function sound(...rest) { window.tones += 1; return start.apply(this, rest); };
  });
  await enter(half('TOOLATE', `${new Date().getUTCFullYear() + 2}-06-30`));
  await page.locator('.result-advice', { hasText: 'within 5 seconds' }).waitFor();
  const tones = await page.evaluate(() => window.tones);
  await page.locator('.result-advice', { hasText: 'The time is over' }).waitFor({ timeout: 7000 });
  assert.equal(await page.evaluate(() => window.tones), tones + 2, 'the two knocks of "look here"');
  assert.equal(await page.locator('.result-advice', { hasText: 'within' }).count(), 0);
  assert.equal(await page.locator('.result .question').count(), 0);
  await picture('half-late');
  await page.reload();
  await page.locator('.result-advice', { hasText: 'The time is over' }).waitFor();
  assert.deepEqual(faults, []);
});

// A shipment with a label on its way to the clerk's pharmacy.
async function ship(supplier) {
  const { user } = await call(page, '/session');
  const level = (await callAll(supplier, '/supplier/stock')).filter((row) => row.pharmacy_id === user.pharmacy_id
    && row.preferred && row.on_order === 0 && row.position > row.minimum)
    .sort((a, b) => (a.position - a.minimum) - (b.position - b.minimum))[0];
  const scans = Array.from({ length: level.position - level.minimum }, () => ({ id: crypto.randomUUID(),
    movement: 'dispense', code: level.gtin }));
  await write(page, '/scans', scans);
  const isOurs = (order) => order.pharmacy.id === user.pharmacy_id && order.lines.some((line) => line.product_id === level.product_id);
  let order;
  for (let tries = 0; !order && tries < 40; tries += 1) {
    await page.waitForTimeout(200);
    order = (await call(supplier, '/supplier/orders?status=open&limit=1000')).orders.find(isOurs);
  }
  const digits = `3952${String(Date.now()).padStart(13, '0').slice(-13)}`;
  const sum = [...digits].reverse().reduce((total, digit, n) => total + digit * (n % 2 ? 1 : 3), 0);
  const sscc = `${digits}${(10 - (sum % 10)) % 10}`;
  await write(supplier, `/supplier/orders/${order.id}/ship`, { sscc, lines: order.lines.map((line) => ({ line: line.line,
    lot: `WHOLE${line.line}`, expiry: '2099-12-31', quantity: line.quantity })) });
  return { sscc, order };
}

for (const how of ['the label again', 'Enter']) {
  test(`a whole shipment is received by ${how}`, { skip: needsService }, async () => {
    const supplier = await openPage(browser);
    await signIn(supplier.page, 'supplier');
    const { sscc, order } = await ship(supplier.page);
    await page.keyboard.press('F2');
    await page.reload();
    await page.locator('.shipment', { hasText: `${order.id}` }).waitFor();
    await page.waitForSelector('.scan-input:focus');
    await enter(`00${sscc}`);
    await page.locator('.result .question h3', { hasText: `${order.id}` }).waitFor();
    await picture(`offer-${how.slice(0, 3)}`);
    if (how === 'Enter') await page.keyboard.press('Enter');
    else await enter(`00${sscc}`);
    await settled('posted');
    assert.match(await page.locator('.result').innerText(), /WHOLE1/);
    const parts = await page.locator('.result-contents li').count();
    assert.equal(parts, order.lines.length > 1 ? order.lines.length : 0);
    await picture(`contents-${how.slice(0, 3)}`);
    assert.equal((await call(page, `/orders/${order.id}`)).status, 'received');
    assert.deepEqual(faults, []);
    await supplier.context.close();
  });
}

test('an unknown label asks for what is in it', { skip: needsService }, async () => {
  await page.keyboard.press('F2');
  await enter('00395200000000000012');
  await page.locator('.result-advice', { hasText: 'Scan what is in it' }).waitFor();
  assert.equal(await page.locator('.result .question').count(), 0);
});
