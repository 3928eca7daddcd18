// Command codes: found whatever a scanner adds and whatever a layout makes of them,
// never sent as scans, and enough to work without a mouse.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { call, launch, needsService, openPage, signIn, typeFast } from './helpers.mjs';

const source = readFileSync(fileURLToPath(new URL('../../web/scan/commands.js', import.meta.url)), 'utf8');
const { commandIn, PRINTED } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const ROWS = {
  'as it is printed': ['YAOKU-RECEIVE', { name: 'receive' }],
  'with an AIM identifier': [']C0YAOKU-UNDO', { name: 'undo' }],
  'with a prefix and a suffix': ['*A1YAOKU-CANCEL#\t', { name: 'cancel' }],
  'with letters behind': ['YAOKU-CONFIRMCR', { name: 'confirm' }],
  'with Caps Lock': ['yaoku-write-off', { name: 'write_off' }],
  'with Caps Lock on another layout': ['yaoku_quantity_20', { name: 'quantity', n: 20 }],
  'on a German layout': ['ZAOKUßWRITEßOFF', { name: 'write_off' }],
  'a quantity on a German layout': ['ZAOKUßQUANTITZß100', { name: 'quantity', n: 100 }],
  'a hyphen as a slash': ['YAOKU/CHOICE/3', { name: 'choice', n: 3 }],
  'a full-width hyphen': ['YAOKU－DISPENSE', { name: 'dispense' }],
  'the greatest quantity': ['YAOKU-QUANTITY-9999', { name: 'quantity', n: 9999 }],
  'a quantity too great': ['YAOKU-QUANTITY-10000', { name: 'unknown' }],
  'a choice that is none': ['YAOKU-CHOICE-10', { name: 'unknown' }],
  'a quantity with zeros in front': ['YAOKU-QUANTITY-010', { name: 'quantity', n: 10 }],
  'no quantity': ['YAOKU-QUANTITY-', { name: 'unknown' }],
  'quantity 0': ['YAOKU-QUANTITY-0', { name: 'unknown' }],
  'choice 0': ['YAOKU-CHOICE-0', { name: 'unknown' }],
  'a command nobody knows': ['YAOKU-DANCE', { name: 'unknown' }],
  'a link of our own host': ['https://yaoku.example/01/09520001000843', null],
  'a lot with the letters in it': ['0109520001000843' + '10YAOKU1', null],
  'a scan': ['0109520001000843172812311021A7', null],
};
for (const [name, [text, command]] of Object.entries(ROWS)) {
  test(name, () => assert.deepEqual(commandIn(text), command));
}

test('every printed code is known', () => {
  assert.deepEqual(PRINTED.filter((code) => commandIn(`YAOKU-${code}`).name === 'unknown'), []);
});

let browser;
before(async () => { browser = needsService ? null : await launch(); });
after(() => browser?.close());

test('the scan page is driven by command codes alone', { skip: needsService }, async () => {
  const { page, faults } = await openPage(browser, { locale: 'en-GB' });
  const sent = [];
  page.on('request', (one) => one.method() === 'POST' && one.url().endsWith('/scans') && sent.push(one.postDataJSON()));
  await signIn(page, 'clerk');
  await page.waitForSelector('.scan-input:focus');
  const scan = (text) => typeFast(page, text);
  const settled = (outcome) => page.locator(`.result[data-outcome="${outcome}"]`).waitFor();
  const remark = async (words) => assert.match(await page.locator('.remark').innerText(), words);
  const { items } = await call(page, '/stock?state=usable&limit=1000');
  const lotsOf = (id) => items.filter((one) => one.product_id === id).length;
  const row = items.find((one) => one.quantity >= 3 && lotsOf(one.product_id) > 1 && lotsOf(one.product_id) < 9);
  const { gtin } = (await call(page, `/products?product_id=${row.product_id}`)).items[0];
  const pack = `01${gtin.padStart(14, '0')}17${row.expiry.replaceAll('-', '').slice(2)}10${row.lot}`;

  await scan('YAOKU-RECEIVE');
  await page.locator('main.receive').waitFor();
  await scan(']C0ZAOKUßQUANTITZß7');
  assert.equal(await page.locator('.scan-field .quantity').innerText(), '×7');
  await scan('YAOKU-DISPENSE');
  await page.locator('main.dispense').waitFor();
  await scan('YAOKU-QUANTITY-3');
  await scan(pack);
  await settled('posted');
  assert.equal(sent.at(-1).quantity, 3);
  await scan('YAOKU-UNDO');
  await page.locator('tr.undone').first().waitFor();
  await scan('YAOKU-CONFIRM');
  await remark(/Nothing is asked/);
  await scan('YAOKU-DANCE');
  await remark(/not known/);

  // A question: too many for one lot.
  await scan('YAOKU-QUANTITY-9999');
  await scan(gtin);
  await settled('rejected');
  await page.locator('.question .choices button').first().waitFor();
  await scan('YAOKU-CHOICE-9');
  await remark(/no answer of this number/);
  await scan('YAOKU-CANCEL');
  await page.locator('.question').waitFor({ state: 'detached' });
  await scan('YAOKU-QUANTITY-9999');
  await scan(gtin);
  await page.locator('.question .choices button').first().waitFor();
  const first = await page.locator('.question .choices b').first().innerText();
  await scan('YAOKU-CONFIRM');
  await settled('posted');
  assert.equal(sent.at(-1).lot, first);
  await scan('YAOKU-UNDO');
  await page.locator('.result.said').waitFor();

  assert.deepEqual(sent.filter((one) => /aoku/i.test(one.code)), [], 'no command is sent as a scan');
  assert.deepEqual(faults, []);
});

test('writing off asks why before it takes a scan, and any lot on the shelf can be chosen', { skip: needsService }, async () => {
  const { page, faults, context } = await openPage(browser, { locale: 'en-GB' });
  const sent = [];
  page.on('request', (one) => one.method() === 'POST' && one.url().endsWith('/scans') && sent.push(one.postDataJSON()));
  await signIn(page, 'clerk');
  await page.waitForSelector('.scan-input:focus');
  const scan = (text) => typeFast(page, text);
  const settled = (outcome) => page.locator(`.result[data-outcome="${outcome}"]`).waitFor();
  const expired = (await call(page, '/stock?state=expired&limit=1')).items[0];
  const { gtin } = (await call(page, `/products?product_id=${expired.product_id}`)).items[0];

  await scan('YAOKU-WRITE-OFF');
  await page.locator('main.write_off input[name=why]:focus').waitFor();
  await scan(gtin);
  await page.locator('.question .notice.stopped').waitFor();
  await page.waitForSelector('input[name=why]:focus'); // one number and Enter would answer
  assert.deepEqual(sent, [], 'nothing goes out without a reason');
  await scan('YAOKU-CHOICE-2');
  assert.match(await page.locator('.why').innerText(), /Damaged/);
  await page.reload(); // the reason stays with the mode
  await page.locator('main.write_off .why').waitFor();
  await page.waitForSelector('.scan-input:focus');
  await scan(`YAOKU-QUANTITY-${expired.quantity + 1}`); // more than the first lot holds
  await scan(gtin);
  await settled('rejected');
  await page.locator('.choices button').first().waitFor();
  assert.equal(await page.locator('.choices b').first().innerText(), expired.lot, 'the expired lot stands first');
  await scan('YAOKU-CONFIRM');
  await settled('posted');
  const { movement, lot, reason } = sent.at(-1);
  assert.deepEqual([movement, lot, reason], ['write_off', expired.lot, 'damaged']);
  await scan('YAOKU-UNDO');
  await page.locator('.result.said').waitFor();

  await scan('YAOKU-RETURN');
  await page.locator('main.return').waitFor();
  await scan(gtin);
  await settled('held');
  await page.locator('.question input[name=lot]').fill(expired.lot);
  await page.locator('.question input[name=expiry]').fill(expired.expiry);
  await page.keyboard.press('Enter');
  await settled('posted');
  assert.deepEqual([sent.at(-1).movement, sent.at(-1).reason], ['return', undefined]);
  await scan('YAOKU-UNDO');
  await page.locator('.result.said').waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});
