// Where a scanner types and where a person does, wherever the focus is; and what
// becomes of a scan that an input method has eaten.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, needsService, openPage, signIn } from './helpers.mjs';

let browser;
let context;
let page;
let sent;

before(async () => { browser = needsService ? null : await launch(); });
after(() => browser?.close());
beforeEach(async () => {
  if (needsService) return;
  ({ context, page } = await openPage(browser, { locale: 'en-GB' }));
  sent = [];
  page.on('request', (one) => one.method() === 'POST' && one.url().endsWith('/scans') && sent.push(...[one.postDataJSON()].flat().map((scan) => scan.code)));
  await signIn(page, 'clerk');
  await page.waitForSelector('.scan-input:focus');
});
afterEach(() => context?.close());

const GTIN = '4006381333931';
const PACK = '01040063813339311728123110A1b2';
const search = () => page.locator('.scan-side input[name=product-search]');
const quiet = (milliseconds = 600) => page.waitForTimeout(milliseconds); // nothing may happen
const until = async (isSo) => {
  for (const end = Date.now() + 20_000; !await isSo();) {
    assert.ok(Date.now() < end, 'not within 20 s');
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
};

// Keys with exact gaps, as the page's own events: [key, code?, extra?] or a character.
// The times are the keyboard's, as they are of real keys, however slow this machine is.
// They begin at `start`; gives the time of the next one.
const keys = (list, gap, stumble = 0, start = null) => page.evaluate(async ([all, wait, stop, begin]) => {
  let at = begin ?? performance.now();
  for (const one of all) {
    const [key, code = '', extra = {}] = Array.isArray(one) ? one : [one];
    const event = new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...extra });
    Object.defineProperty(event, 'timeStamp', { value: at });
    const wanted = document.activeElement.dispatchEvent(event);
    const target = document.activeElement; // the page may have moved it
    if (wanted && key.length === 1 && !extra.ctrlKey && 'value' in target && target.setRangeText) {
      target.setRangeText(key, target.selectionStart, target.selectionEnd, 'end');
      target.dispatchEvent(new Event('input', { bubbles: true }));
    }
    const pause = one === '-' && stop ? stop : wait;
    at += pause;
    if (pause > 40) await new Promise((resolve) => { setTimeout(resolve, at - performance.now()); });
  }
  return at;
}, [list, gap, stumble, start]);

const openSearch = async () => {
  await page.keyboard.press('F7'); // a question may have taken the focus from it
  await page.keyboard.press('F8');
  await page.waitForSelector('.scan-side input[name=product-search]:focus');
};

test('a burst in another input is a scan and leaves the input as it was', { skip: needsService }, async () => {
  await openSearch();
  await page.keyboard.type('as', { delay: 150 });
  for (const [text, end] of [['UNKNOWN-WEDGE-1', 'Enter'], ['UNKNOWN-WEDGE-2', 'Tab']]) {
    await search().focus();
    await quiet(400);
    await keys([...text, [end]], 5);
    await quiet();
    assert.equal(sent.at(-1), text);
    assert.equal(await search().inputValue(), 'as');
  }
  assert.equal(sent.length, 2);
});

test('two codes glued together end each by its suffix', { skip: needsService }, async () => {
  await openSearch();
  await keys([...'UNKNOWN-WEDGE-3', ['Enter'], ...'UNKNOWN-WEDGE-4', ['Enter']], 5);
  await quiet();
  assert.deepEqual(sent, ['UNKNOWN-WEDGE-3', 'UNKNOWN-WEDGE-4']);
});

test('a machine that stumbles cuts no scan in two', { skip: needsService }, async () => {
  await openSearch();
  await keys([...'UNKNOWN-WEDGE-6', ['Enter']], 5, 120);
  await quiet();
  assert.deepEqual(sent, ['UNKNOWN-WEDGE-6']);
  assert.equal(await search().inputValue(), '');
});

test('slow typing is a person’s, and so is a quick roll of two keys', { skip: needsService }, async () => {
  await openSearch();
  await page.keyboard.type('amoxicillin', { delay: 90 });
  await keys([...'th'], 20);
  await quiet();
  assert.equal(await search().inputValue(), 'amoxicillinth');
  await keys([...'abc'], 20);
  await page.keyboard.press('Backspace');
  assert.equal(await search().inputValue(), 'amoxicillinthab');
  await page.keyboard.press('Escape');
  await page.keyboard.type(GTIN, { delay: 150 });
  await page.keyboard.press('Enter');
  await quiet();
  assert.deepEqual(sent, [GTIN]);
});

test('a burst triggers no shortcut, no button and no choice', { skip: needsService }, async () => {
  await page.locator('.modes button').nth(1).focus();
  await keys([...'AB CD', ['F2', 'F2'], ...'EF GH-WEDGE', ['z', 'KeyZ', { ctrlKey: true }], ...'X1', ['Enter']], 5);
  await quiet();
  assert.equal(await page.locator('main.dispense').count(), 1, 'F2 of a scanner switches nothing');
  assert.deepEqual(sent, ['AB CD\ufffdEF GH-WEDGE\u001aX1']);
  await page.locator('.recent').waitFor();
  await page.keyboard.press('F10');
  const volume = page.locator('.scan-side input[type=range]');
  const before = await volume.inputValue();
  await volume.focus();
  await keys([...'UNKNOWN-WEDGE-5', ['Enter']], 5);
  await quiet();
  assert.equal(sent.at(-1), 'UNKNOWN-WEDGE-5');
  assert.equal(await volume.inputValue(), before);
});

test('a slow scanner is learned and then told from a person in other inputs too', { skip: needsService }, async () => {
  await openSearch();
  await keys([...GTIN, ['Enter']], 70);
  await quiet();
  assert.deepEqual(sent, [], 'nobody knows yet that it is a scanner');
  await page.locator('.scan-input').focus();
  await quiet(400);
  await keys([...GTIN, ['Enter']], 70);
  await quiet();
  assert.deepEqual(sent, [GTIN]);
  await openSearch();
  await search().fill('');
  await quiet(400);
  await keys([...GTIN, ['Enter']], 75);
  await quiet();
  assert.deepEqual(sent, [GTIN, GTIN]);
  assert.equal(await search().inputValue(), '');
  await search().focus();
  await quiet(400);
  await keys([...'amoxicillin', ['Enter']], 75);
  await quiet();
  assert.equal(sent.length, 2, 'words are a person’s, however quick');
});

test('a pause ends a scan only when nothing can be missing', { skip: needsService }, async () => {
  await openSearch();
  await keys([...GTIN], 5);
  await quiet();
  assert.deepEqual(sent, [GTIN]);
  await search().focus();
  await keys([...PACK], 5);
  await quiet();
  assert.deepEqual(sent, [GTIN], 'half a code is not taken for the whole');
  assert.equal(await search().inputValue(), '');
  assert.equal(await page.locator('.scan-input').inputValue(), PACK);
  await page.locator('.doubt').waitFor();
  await page.keyboard.press('Enter');
  await quiet();
  assert.deepEqual(sent, [GTIN, PACK]);
  assert.equal(await page.locator('.doubt').count(), 0);
  await page.locator('.scan-input').focus();
  await keys([...'UNKNOWN-WEDGE-7', ['Enter']], 5);
  await quiet();
  await page.locator('.scan-input').focus();
  await keys([...GTIN], 5);
  await quiet();
  assert.equal(sent.length, 3, 'this scanner ends its scans with Enter');
});

const ime = (text) => [...text].map((one) => ['Process', /\d/.test(one) ? `Digit${one}` : `Key${one.toUpperCase()}`,
  { keyCode: 229, isComposing: true, shiftKey: /[A-Z]/.test(one) }]);
const imeEnter = ['Process', 'Enter', { keyCode: 229, isComposing: true }];

test('a scan through an input method is read from the keys when it is certain', { skip: needsService }, async () => {
  await keys([...ime(GTIN), imeEnter], 5);
  await quiet();
  assert.deepEqual(sent, [GTIN]);
  await page.locator('.notice .ime').waitFor();
  assert.equal(await page.locator('.scan-input').inputValue(), '');
  await page.locator('.scan-input').focus();
  await page.keyboard.type('ab', { delay: 100 });
  assert.equal(await page.locator('.notice .ime').count(), 0, 'letters come as they are again');
});

test('otherwise it is shown and waits for a person', { skip: needsService }, async () => {
  await openSearch();
  const text = `${PACK.slice(0, 26)}`;
  await keys([...text, ...ime('A1b2'), imeEnter], 5);
  await quiet();
  assert.deepEqual(sent, []);
  assert.equal(await search().inputValue(), '');
  assert.equal(await page.locator('.scan-input').inputValue(), PACK);
  assert.match(await page.locator('.doubt').innerText(), /compare it with the pack/);
  await page.keyboard.press('Enter');
  await quiet();
  assert.deepEqual(sent, [PACK]);
});

test('a person may search in Chinese', { skip: needsService }, async () => {
  await openSearch();
  await keys(ime('amoxilin'), 120);
  await keys([imeEnter], 100);
  await quiet();
  assert.equal(await page.locator('.notice .ime').count(), 0);
  assert.deepEqual(sent, []);
});

test('what ends a scan twice answers no question', { skip: needsService }, async () => {
  const end = await keys([...'UNKNOWN-TAIL', ['Enter']], 5);
  const question = page.locator('.result input[name=product-search]:focus');
  await question.waitFor();
  await question.evaluate((input) => { window.reached = []; input.onkeydown = ({ key }) => window.reached.push(key); });
  await keys([['Enter'], ['j', 'KeyJ', { ctrlKey: true }], ['Tab']], 5, 0, end);
  assert.deepEqual(await page.evaluate(() => window.reached), []);
  await keys([['Enter']], 5, 0, end + 500);
  assert.deepEqual(await page.evaluate(() => window.reached), ['Enter'], 'a person’s, later');
});

test('a scan goes on where it began when the focus is moved under it', { skip: needsService }, async () => {
  await openSearch();
  await page.locator('.scan-input').focus();
  await page.evaluate(() => document.querySelector('.scan-input').addEventListener('input', ({ target }) => {
    if (target.value.length === 9) document.querySelector('.scan-side input[name=product-search]').focus();
  }));
  await keys([...'UNKNOWN-MOVED', ['Enter']], 5);
  await until(() => sent.length > 0);
  assert.deepEqual(sent, ['UNKNOWN-MOVED']);
  assert.equal(await search().inputValue(), '');
});
