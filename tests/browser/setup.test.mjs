// Setting up a scanner by keyboard: what every kind of scanner types is told, kept
// and proved, and typed characters never press a button.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { call, launch, needsService, openPage, signIn, url } from './helpers.mjs';

const GS = '\u001d';
const HEAD = '01095011015300031727123110aB-1/x_9';
const TAIL = '21Zz0';
const GOOD = `]d2${HEAD}${GS}${TAIL}\r`;
const GERMAN = { ']': '+', '-': 'ß', '/': '-', _: '?', z: 'y', y: 'z', Z: 'Y', Y: 'Z' };
const onGerman = (text) => [...text].map((c) => GERMAN[c] ?? c).join('');

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
  await page.goto(`${url}/#/setup`);
  await page.locator('.test-symbol img').waitFor();
});
afterEach(() => context?.close());

// Keys as a scanner's driver sends them, whatever layout they come out of.
async function type(text, { caps = false } = {}) {
  await page.evaluate(([characters, capsLock]) => {
    const names = { '\r': 'Enter', '\t': 'Tab' };
    for (const c of characters) {
      const isGs = c === '\u001d';
      const target = document.activeElement ?? document.body;
      target.dispatchEvent(new KeyboardEvent('keydown', {
        key: isGs ? ']' : names[c] ?? c, code: isGs ? 'BracketRight' : '', ctrlKey: isGs,
        modifierCapsLock: capsLock, bubbles: true, cancelable: true,
      }));
    }
  }, [[...text], caps]);
}

const verdict = (key) => page.locator(`[data-verdict="setup.${key}"]`).waitFor();
const codes = () => page.locator('.setup-findings b').allInnerTexts();
const use = () => page.locator('button[name=use]').click();
const profileOf = async (name) => (await call(page, '/workstations')).items.find((one) => one.name === name);
const ownName = () => page.evaluate(() => JSON.parse(localStorage.getItem('yaoku.workstation')).name);

test('the symbol is drawn, black on white, and large enough', { skip: needsService }, async () => {
  const image = page.locator('.test-symbol img');
  await page.waitForFunction(() => document.querySelector('.test-symbol img').naturalWidth > 0);
  const box = await image.boundingBox();
  assert.ok(box.width >= 480, JSON.stringify(box)); // the symbol is a sixth of it: 0.9 mm a module
  assert.equal(await image.evaluate((one) => getComputedStyle(one).backgroundColor), 'rgb(255, 255, 255)');
  assert.deepEqual(faults, []);
});

test('a scanner that is set right is told so, by real keys', { skip: needsService }, async () => {
  await page.keyboard.type(`]d2${HEAD}`);
  await page.keyboard.press('Control+BracketRight');
  await page.keyboard.type(TAIL);
  await page.keyboard.press('Enter');
  await verdict('exact');
  assert.deepEqual(await codes(), []);
  assert.equal(await page.locator('.bytes li.differs').count(), 0);
  assert.deepEqual(faults, []);
});

test('a profile is derived, kept, proved, used by the scan page and forgotten', { skip: needsService }, async () => {
  const scan = `A]d2${HEAD}|${TAIL}\r`;
  await type(scan);
  await verdict('mended');
  assert.equal((await codes()).length, 2);
  assert.equal(await page.locator('.bytes li.differs').count(), 2);
  await use();
  await page.locator('.notice.done').waitFor();
  await type(scan);
  await verdict('proved');
  const name = await ownName();
  assert.equal((await profileOf(name)).separator, '|');

  const { items: [product] } = await call(page, '/products?limit=1');
  await page.goto(`${url}/#/scan`);
  await page.locator('.scan-input:focus').waitFor();
  await page.keyboard.press('F2');
  await page.keyboard.type(`A]d201${product.gtin}17311231` + `10aB-1|21${Date.now()}`);
  const answer = page.waitForResponse((one) => one.url().endsWith('/api/v1/scans'));
  await page.keyboard.press('Enter');
  const [result] = (await (await answer).json()).results;
  assert.equal(result.outcome, 'posted', JSON.stringify(result));
  assert.equal(result.lot, 'aB-1');

  await page.goto(`${url}/#/setup`);
  await page.locator('button[name=forget]').click();
  await page.locator('button[name=forget]').waitFor({ state: 'detached' });
  assert.equal(await profileOf(name), undefined);
  assert.deepEqual(faults, []);
});

test('a keyboard layout is found, and a proof that differs is told', { skip: needsService }, async () => {
  await type(onGerman(GOOD));
  await verdict('mended');
  await use();
  await page.locator('.notice.done').waitFor();
  await type(GOOD); // the layout has been mended meanwhile: not what is kept
  await verdict('not_proved');
  await type(onGerman(GOOD));
  await verdict('proved');
});

const FAULTS = [
  ['GS lost', `]d2${HEAD}${TAIL}\r`, 'change_scanner', 'The separator GS is lost: lot and serial run together'],
  ['no end', `]d2${HEAD}${GS}${TAIL}`, 'change_scanner', 'Neither Enter nor Tab ends the scan'],
  ['upper case', GOOD.toUpperCase(), 'held', 'All letters arrive in one case'],
  ['half', `]d2${HEAD.slice(0, 20)}\r`, 'change_scanner', 'A part of the symbol is missing at one end'],
  ['a pack', '6901234567892\r', 'change_scanner', 'This is another symbol'],
];
for (const [name, scan, expected, words] of FAULTS) {
  test(`told in words: ${name}`, { skip: needsService }, async () => {
    await type(scan);
    await verdict(expected);
    assert.deepEqual((await codes()).filter((one) => one === words), [words]);
    assert.equal(await page.locator('button[name=use]').count(), expected === 'held' ? 1 : 0);
  });
}

test('Caps Lock is seen on the keyboard, and not kept', { skip: needsService }, async () => {
  const swapped = [...GOOD].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join('');
  await type(swapped, { caps: true });
  await verdict('change_scanner');
  assert.deepEqual(await codes(), ['Caps Lock is on']);
  await type(swapped);
  await verdict('mended');
});

test('an input method is seen', { skip: needsService }, async () => {
  await page.evaluate(() => {
    for (let i = 0; i < 8; i += 1) document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Process', keyCode: 229, bubbles: true }));
  });
  await verdict('change_scanner');
  assert.deepEqual(await codes(), ['A Chinese input method took the keys']);
});

test('a scan presses no button, and a person\'s keys still do', { skip: needsService }, async () => {
  await type(`]d2${HEAD}|${TAIL}\r`);
  await verdict('mended');
  await page.locator('button[name=use]').focus();
  const writes = [];
  page.on('request', (one) => { if (one.method() === 'PUT') writes.push(one.url()); });
  await page.keyboard.type(` ]d2${HEAD}|${TAIL} `); // blanks among them
  await page.keyboard.press('Tab');
  await page.keyboard.type(`]d2${HEAD}|${TAIL}`);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(1500);
  assert.deepEqual(writes, []);
  await page.locator('.roof nav a').first().focus();
  await page.waitForTimeout(300);
  await page.keyboard.press('Tab'); // a person's: moves on
  assert.notEqual(await page.evaluate(() => document.activeElement.getAttribute('href')), '#/scan');
  await type(`]d2${HEAD}|${TAIL}\r`);
  await verdict('mended');
  await page.locator('button[name=use]').focus();
  await page.waitForTimeout(300);
  await page.keyboard.press('Enter');
  await page.locator('.notice.done').waitFor();
  assert.equal(writes.length, 1);
  await page.locator('button[name=forget]').focus();
  await page.keyboard.press('Space');
  await page.locator('button[name=forget]').waitFor({ state: 'detached' });
});
