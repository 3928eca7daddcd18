// Every page of every role in both languages and at two widths: no error, no
// breach of the policy, no key shown in place of its words, nothing wider than
// the screen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, needsService, openPage, signIn, url } from './helpers.mjs';

const ROLES = ['clerk', 'manager', 'supplier', 'admin'];
const SCREENS = [{ locale: 'zh-CN', width: 1440 }, { locale: 'en-GB', width: 390 }];
const KEY_SHOWN = /\b(act|ask|code|code_state|feed|filter|held|level|line|list|login|order|page|receive|report|scan|ship|side|supply|system|threshold|tile|user|word)\.[a-z]+(_[a-z]+)*\b/;

let browser;
before(async () => { browser = needsService ? null : await launch(); });
after(() => browser?.close());

async function settle(page) {
  await page.locator('main#main').waitFor();
  await page.waitForFunction(() => !document.querySelector('main .skeleton'), null, { timeout: 20_000 });
}

for (const role of ROLES) {
  for (const screen of SCREENS) {
    test(`${role}, ${screen.locale}, ${screen.width} px`, { skip: needsService }, async () => {
      const { page, faults, context } = await openPage(browser, screen);
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
      });
      await signIn(page, role);
      const links = await page.locator('.roof nav a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
      assert.ok(links.length >= 3);
      for (const link of links) {
        await page.goto(`${url}/${link}`);
        await settle(page);
        const seen = await page.evaluate(() => ({ text: document.body.innerText, extra: document.documentElement.scrollWidth - innerWidth }));
        // The audit shows actions that have no words as the codes they are.
        if (link !== '#/audit') assert.doesNotMatch(seen.text, KEY_SHOWN, `${link} shows a key`);
        assert.ok(seen.extra <= 0, `${link} is ${seen.extra} px too wide`);
        assert.deepEqual(faults, [], link);
      }
      await context.close();
    });
  }
}

test('the scan page is under 150 kB compressed', { skip: needsService }, async () => {
  const { page, context } = await openPage(browser);
  const sizes = [];
  page.on('requestfinished', (one) => one.url().includes('/api/') || sizes.push(one.sizes()));
  await signIn(page, 'clerk');
  await page.waitForSelector('.scan-input:focus');
  await page.waitForLoadState('networkidle');
  const bytes = (await Promise.all(sizes)).reduce((sum, one) => sum + one.responseBodySize, 0);
  assert.ok(bytes > 20_000 && bytes < 150_000, `${bytes} bytes`);
  await context.close();
});
