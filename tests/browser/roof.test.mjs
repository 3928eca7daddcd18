// What stands above every page of who scans: the ways, what waits, and the way out.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, needsService, openPage, signIn, url } from './helpers.mjs';

let browser;
let context;
let page;

before(async () => { browser = needsService ? null : await launch(); });
after(() => browser?.close());
beforeEach(async () => {
  if (needsService) return;
  ({ context, page } = await openPage(browser, { locale: 'en-GB', width: 1280, height: 800 }));
  await signIn(page, 'clerk');
  await page.waitForSelector('.scan-input:focus');
});
afterEach(() => context?.close());

const scanOffline = async () => {
  await page.locator('.roof .line', { hasText: '0 waiting' }).waitFor();
  await context.setOffline(true);
  await page.keyboard.type('UNKNOWN-ROOF-1');
  await page.keyboard.press('Enter');
  await page.locator('.roof .line', { hasText: 'Offline · 1 waiting' }).waitFor();
};
const leave = () => page.getByRole('button', { name: 'Log out', exact: true }).click();

test('waiting scans are counted on the other pages too, and lead to their list', { skip: needsService }, async () => {
  await page.route('**/api/v1/scans', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await page.keyboard.type('UNKNOWN-ROOF-2');
  await page.keyboard.press('Enter');
  await page.locator('.roof .line', { hasText: '1 waiting' }).waitFor();
  for (const name of ['stock', 'labels', 'setup', 'movements']) {
    await page.goto(`${url}/#/${name}`);
    await page.locator(`.roof a[href="#/${name}"][aria-current=page]`).waitFor();
    assert.match(await page.locator('.roof .line').innerText(), /1 waiting/, name);
  }
  await page.locator('.roof .line').click();
  await page.locator('.waiting-scans td', { hasText: 'UNKNOWN-ROOF-2' }).waitFor();
});

test('logging out without the line asks first', { skip: needsService }, async () => {
  await scanOffline();
  await leave();
  assert.match(await page.locator('.leave-question').innerText(), /nobody can log in[\s\S]*1 scan waits/);
  await page.keyboard.press('Enter'); // the focus is on staying
  await page.locator('.leave-question').waitFor({ state: 'detached' });
  assert.ok(await page.locator('.scan-input').isVisible());
  await leave();
  await page.getByRole('button', { name: 'Log out all the same' }).click();
  await page.waitForSelector('input[name=username]');
  await context.setOffline(false);
});

test('with the line it does not ask', { skip: needsService }, async () => {
  await leave();
  await page.waitForSelector('input[name=username]');
});

for (const [role, locale] of [['clerk', 'en-GB'], ['manager', 'en-GB'], ['manager', 'zh-CN']]) {
  test(`every way is in sight at 1280: ${role}, ${locale}`, { skip: needsService }, async () => {
    const other = await openPage(browser, { locale, width: 1280, height: 800 });
    await signIn(other.page, role);
    const boxes = await other.page.locator('.roof nav a').evaluateAll((ways) => ways.map((way) => {
      const { left, right, top, bottom } = way.getBoundingClientRect();
      const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return left >= 0 && right <= innerWidth && (at === way || way.contains(at));
    }));
    assert.ok(boxes.length > 4 && boxes.every(Boolean), JSON.stringify(boxes));
    await other.context.close();
  });
}

test('a scanner that was never checked is said until it is put aside', { skip: needsService }, async () => {
  const hint = page.locator('.setup-hint');
  await hint.waitFor();
  assert.match(await hint.innerText(), /not checked yet/);
  await hint.getByRole('button').click();
  await hint.waitFor({ state: 'detached' });
  await page.reload();
  await page.waitForSelector('.scan-input:focus');
  await page.waitForTimeout(500);
  assert.equal(await hint.count(), 0);
});
