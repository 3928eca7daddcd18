// No scan is lost and none is posted twice or in another person's name, whatever
// the service answers before it takes it.
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { call, keptScans, launch, needsService, openPage, signIn } from './helpers.mjs';

const SCANS = '**/api/v1/scans';
let browser;
let context;
let page;

before(async () => { browser = needsService ? null : await launch(); });
after(() => browser?.close());
beforeEach(async () => {
  if (needsService) return;
  ({ context, page } = await openPage(browser, { locale: 'en-GB' }));
  await signIn(page, 'clerk');
  await page.waitForSelector('.scan-input:focus');
});
afterEach(() => context?.close());

const problem = (status, code) => ({ status, contentType: 'application/problem+json',
  body: JSON.stringify({ status, code, title: code, detail: 'as the test wants it' }) });

// Answers the next posts as told, one each; then lets them through. Returns the
// outcomes the service itself gave, by scan.
async function answerFirst(answers) {
  const outcomes = [];
  await page.route(SCANS, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const answer = answers(JSON.parse(route.request().postData()));
    if (answer) return route.fulfill(answer);
    const response = await route.fetch();
    outcomes.push(...(await response.json()).results.map(({ id, outcome }) => ({ id, outcome })));
    return route.fulfill({ response });
  });
  return outcomes;
}

async function type(text) {
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

async function gtins(n) {
  const stock = await call(page, '/stock?state=usable&limit=200');
  const wanted = [...new Set(stock.items.filter((row) => row.quantity > 5).map((row) => row.product_id))].slice(0, n);
  return Promise.all(wanted.map(async (id) => (await call(page, `/products?product_id=${id}`)).items[0].gtin));
}

const stored = async () => (await keptScans(page)).length;
const settled = (outcome) => page.locator(`.result[data-outcome="${outcome}"]`).waitFor({ timeout: 20_000 });

async function signOut() {
  await page.locator('.roof .who button').last().click();
  await page.waitForSelector('input[name=username]');
}

async function toScanPage() {
  await page.evaluate(() => { location.hash = '#/scan'; });
  await page.waitForSelector('.scan-input');
}

test('403, 404, 500 and a page without results keep the scan; it is posted once', { skip: needsService }, async () => {
  const [gtin] = await gtins(1);
  const answers = [problem(403, 'csrf'), problem(403, 'forbidden'), problem(404, 'not_found'), problem(409, 'conflict'),
    { status: 200, contentType: 'text/html', body: 'Welcome to this network' }, problem(500, 'internal')];
  const total = answers.length;
  const keptEach = [];
  const outcomes = await answerFirst(() => { keptEach.push(stored()); return answers.shift(); });
  await type(gtin);
  for (let i = 0; i < 200 && answers.length > 0; i += 1) {
    await page.evaluate(() => dispatchEvent(new Event('online'))); // do not wait for the next try
    await page.waitForTimeout(50);
  }
  await settled('posted');
  assert.deepEqual(await Promise.all(keptEach), Array(total + 1).fill(1), 'the scan is kept all along');
  assert.deepEqual(outcomes.map((one) => one.outcome), ['posted']);
  assert.equal(await stored(), 0);
});

test('a log-in is asked for where it is the cause, and the scan goes out after it', { skip: needsService }, async () => {
  const [gtin] = await gtins(1);
  await page.context().clearCookies();
  await type(gtin);
  await page.waitForSelector('input[name=username]');
  assert.equal(await stored(), 1);
  assert.match(await page.locator('.waiting-of-others').innerText(), /1 scan /);
  await signIn(page, 'clerk');
  await settled('posted');
  assert.equal(await stored(), 0);
});

test('a scan waits for the person who made it', { skip: needsService }, async () => {
  const [gtin] = await gtins(1);
  const clerk = await page.locator('.roof .name').innerText();
  let isOut = true;
  const outcomes = await answerFirst(() => (isOut ? problem(403, 'forbidden') : null));
  await type(gtin);
  await page.locator('.notice.look button').waitFor();
  await signOut();
  isOut = false;
  await signIn(page, 'manager');
  await toScanPage();
  assert.ok((await page.locator('.waiting-of-others').innerText()).includes(clerk));
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.waitForTimeout(1500); // longer than the first waits
  assert.deepEqual(outcomes, [], 'nothing went out in the name of the manager');
  assert.equal(await stored(), 1);
  await page.reload(); // nor after a reload, which knows whose session it is
  await page.waitForSelector('.waiting-of-others');
  await signOut();
  await signIn(page, 'clerk');
  await settled('posted');
  assert.deepEqual(outcomes.map((one) => one.outcome), ['posted']);
  const { items } = await call(page, '/movements?limit=1');
  assert.equal(items[0].operator, clerk);
  assert.equal(await stored(), 0);
});

test('a scan the service chokes on neither blocks nor repeats the others', { skip: needsService }, async () => {
  const codes = await gtins(3);
  const choke = 'CHOKES-THE-SERVICE';
  let isOut = true;
  const answered = await answerFirst((body) => {
    if (isOut) return problem(503, 'busy');
    return [body].flat().some((one) => one.code === choke) ? problem(500, 'internal') : null;
  });
  for (const code of [codes[0], choke, codes[1], codes[2]]) await type(code);
  isOut = false;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  for (let i = 0; i < 200 && await stored() > 1; i += 1) await page.waitForTimeout(100);
  assert.equal(answered.length, 3);
  assert.equal(new Set(answered.map((one) => one.id)).size, 3);
  assert.match(await page.locator('.roof [role=status]').innerText(), /1 waiting/);
});

test('a malformed scan is shown as refused until a person has noted it', { skip: needsService }, async () => {
  await answerFirst(() => problem(400, 'invalid_member'));
  await type('4006381333931');
  await settled('rejected');
  await page.reload();
  const refused = page.locator('.refused-scan');
  await refused.waitFor();
  assert.match(await refused.innerText(), /4006381333931[\s\S]*invalid_member/);
  await refused.locator('button').click();
  await refused.waitFor({ state: 'detached' });
  await page.reload();
  await page.waitForSelector('.scan-input');
  assert.equal(await stored(), 0);
  assert.equal(await refused.count(), 0);
});

test('keys typed before the scan page has loaded are not lost', { skip: needsService }, async () => {
  const [gtin] = await gtins(1);
  await context.close();
  ({ context, page } = await openPage(browser, { locale: 'en-GB' }));
  let open;
  const gate = new Promise((resolve) => { open = resolve; });
  await page.route('**/scan/page.js', async (route) => { await gate; await route.continue(); });
  await signIn(page, 'clerk'); // the page's module is held back
  await type(`2*${gtin}`);
  await page.keyboard.type('3*');
  open();
  await settled('posted');
  assert.match(await page.locator('.result-quantity').innerText(), /×2/);
  assert.equal(await page.locator('.quantity').innerText(), '×3');
});
