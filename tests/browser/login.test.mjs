// Logging in: over plain HTTP too, as within a pharmacy's own network, where a browser gives a page no
// locks, no service worker, no camera and no cryptography; and with a pack scanned there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, needsService, openPage, signInAt, typeFast, url } from './helpers.mjs';

test('a person logs in and scans over plain HTTP', { skip: needsService }, async () => {
  const browser = await launch(['--host-resolver-rules=MAP pharmacy.example 127.0.0.1']);
  try {
    const { page, faults } = await openPage(browser, { locale: 'en-GB' });
    await signInAt(page, url.replace(/127\.0\.0\.1|localhost/, 'pharmacy.example'), 'clerk');
    assert.equal(await page.evaluate(() => isSecureContext), false);
    await page.waitForSelector('.scan-input:focus');
    await page.reload();
    await page.waitForSelector('.scan-input:focus');
    await typeFast(page, 'UNKNOWN-PLAIN');
    await page.waitForSelector('.result[data-outcome=held]');
    assert.deepEqual(faults.filter((one) => !one.includes('ERR_CONNECTION')), []);
  } finally {
    await browser.close();
  }
});

test('a pack scanned at the log-in is no try to log in', { skip: needsService }, async () => {
  const browser = await launch();
  try {
    const { page, faults } = await openPage(browser, { locale: 'en-GB' });
    const tries = [];
    page.on('request', (one) => one.method() === 'POST' && tries.push(one.url()));
    await page.goto(`${url}/`);
    await page.waitForSelector('input[name=username]:focus');
    for (const [name, code] of [['username', '4006381333931'], ['password', '01040063813339311728123110A1b2']]) {
      await page.locator('input[name=username]').fill(name === 'password' ? 'clerk' : '');
      await page.locator(`input[name=${name}]`).focus();
      await page.keyboard.type(code);
      await page.keyboard.press('Enter');
      await page.locator('.scan-at-login').waitFor();
      await page.waitForSelector('input[name=username]:focus');
      assert.equal(await page.locator(`input[name=${name}]`).inputValue(), '');
    }
    assert.deepEqual(tries, []);
    await page.keyboard.type('clerk');
    await page.keyboard.press('Enter');
    await page.waitForSelector('input[name=password]:focus');
    await page.keyboard.type('demo');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.roof');
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
  }
});
