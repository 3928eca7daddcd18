// The camera as a scanner: a picture of a symbol becomes one scan with its bytes; and
// which of the codes in sight is a scan.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { call, launch, needsService, openPage, signIn, url } from './helpers.mjs';

const source = readFileSync(fileURLToPath(new URL('../../web/scan/sight.js', import.meta.url)), 'utf8');
const { Sight } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const PICTURE = { width: 400, height: 200 };
const box = (x, y) => ({ left: x - 20, right: x + 20, top: y - 20, bottom: y + 20 });
const at = (key, x, code = key, symbology = ']d2') => ({ key, code, symbology, box: box(x, 100) });
const MIDDLE = 200;
const AWAY = 340;
const REOPENED = 'the camera was shut and runs again';

// Pictures as [milliseconds, codes in sight]; what became scans, in order.
function scansOf(pictures) {
  const sight = new Sight();
  return pictures.map(([ms, codes]) => (codes === REOPENED ? sight.reopen(ms) : sight.look(codes, PICTURE, ms)?.key)).filter(Boolean);
}
const every = (from, to, codes) => Array.from({ length: (to - from) / 100 }, (_, n) => [from + n * 100, codes]);

const ROWS = {
  'a code in the middle is a scan once': [every(0, 9000, [at('A', MIDDLE)]), ['A']],
  'a code that only passes is none': [[...every(0, 200, [at('A', MIDDLE)]), ...every(200, 3000, [])], []],
  'a code off the middle is none': [every(0, 3000, [at('A', AWAY)]), []],
  'of two codes the one in the middle, and the other not after it':
    [[...every(0, 1000, [at('A', AWAY), at('B', MIDDLE)]), ...every(1000, 4000, [at('A', MIDDLE), at('B', AWAY)])], ['B']],
  'lot and expiry in a symbol of their own count after the product\'s':
    [[...every(0, 1000, [at('P', MIDDLE, '0106901234567892'), at('L', AWAY, '1728123110A1')]),
      ...every(1000, 3000, [at('P', AWAY, '0106901234567892'), at('L', MIDDLE, '1728123110A1')])], ['P', 'L']],
  'and before it': [[...every(0, 1000, [at('L', MIDDLE, '1728123110A1'), at('P', AWAY, '0106901234567892')]),
    ...every(1000, 3000, [at('P', MIDDLE, '0106901234567892')])], ['L', 'P']],
  'plain digits are no companion': [[...every(0, 1000, [at('P', MIDDLE), at('L', AWAY, '1728123110', ']C0')]),
    ...every(1000, 3000, [at('L', MIDDLE, '1728123110', ']C0')])], ['P']],
  'blurred pictures in between are not leaving': [[...every(0, 1000, [at('A', MIDDLE)]), ...every(1000, 2500, []),
    ...every(2500, 4000, [at('A', MIDDLE)])], ['A']],
  'the same code again once it was out of sight': [[...every(0, 1000, [at('A', MIDDLE)]), ...every(1000, 3500, []),
    ...every(3500, 5000, [at('A', MIDDLE)])], ['A', 'A']],
  'a camera shut and opened again over the same pack': [[...every(0, 1000, [at('A', MIDDLE)]), [5000, REOPENED],
    ...every(5100, 8000, [at('A', MIDDLE)])], ['A']],
  'opened much later it is another pack': [[...every(0, 1000, [at('A', MIDDLE)]), [60_000, REOPENED],
    ...every(60_100, 62_000, [at('A', MIDDLE)])], ['A', 'A']],
  'another code at once waits for the pause': [[...every(0, 400, [at('A', MIDDLE)]), ...every(400, 900, [at('B', MIDDLE)])], ['A']],
  'and counts after it': [[...every(0, 400, [at('A', MIDDLE)]), ...every(400, 1500, [at('B', MIDDLE)])], ['A', 'B']],
};
for (const [name, [pictures, scans]] of Object.entries(ROWS)) {
  test(name, () => assert.deepEqual(scansOf(pictures), scans));
}

const folder = mkdtempSync(`${tmpdir()}/yaoku-camera-`);
after(() => rmSync(folder, { recursive: true }));

// A label as our own service draws it, as the grey picture of a 1280×720 camera: the symbol in the middle, on a
// grey desk, turned a little. The words stand beside a matrix and are cut off.
async function photograph(page, query) {
  const isMatrix = query.symbology === 'gs1-datamatrix';
  const png = await page.request.get(`${url}/api/v1/labels?${new URLSearchParams(query)}`);
  assert.equal(png.status(), 200, await png.text());
  return page.evaluate(async ({ data, square }) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const paper = canvas.getContext('2d');
    paper.fillStyle = '#999';
    paper.fillRect(0, 0, 1280, 720);
    paper.translate(640, 360);
    paper.rotate(0.15);
    const seen = square ? image.height : image.width;
    const width = seen * 240 / image.height;
    paper.drawImage(image, 0, 0, seen, image.height, -width / 2, -120, width, 240);
    const { data: rgba } = paper.getImageData(0, 0, 1280, 720);
    return Array.from({ length: 1280 * 720 }, (_, n) => String.fromCharCode(rgba[n * 4])).join('');
  }, { data: (await png.body()).toString('base64'), square: isMatrix });
}

function film(name, pixels) {
  const grey = Buffer.alloc(1280 * 720 / 2, 128);
  writeFileSync(`${folder}/${name}.y4m`, Buffer.concat([Buffer.from('YUV4MPEG2 W1280 H720 F10:1 Ip A1:1 C420jpeg\n'),
    ...Array.from({ length: 5 }, () => [Buffer.from('FRAME\n'), Buffer.from(pixels, 'latin1'), grey]).flat()]));
  return [`--use-file-for-fake-video-capture=${folder}/${name}.y4m`, '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream'];
}

let gtin;
let pictures;
const CONTENT = () => `[01]${gtin}[17]${new Date().getUTCFullYear() + 2 - 2000}0630[10]C-1/x[21]aB9`;
before(async () => {
  if (needsService) return;
  const browser = await launch();
  const { page } = await openPage(browser);
  await signIn(page, 'clerk');
  gtin = (await call(page, '/products?limit=1')).items[0].gtin.padStart(14, '0');
  pictures = { matrix: await photograph(page, { symbology: 'gs1-datamatrix', format: 'png', content: CONTENT() }),
    command: await photograph(page, { symbology: 'code-128', format: 'png', content: 'YAOKU-RECEIVE' }) };
  await browser.close();
});

// The scan page before a camera that sees `picture`; what it posts.
async function withCamera(picture, work) {
  const browser = await launch(film(picture, pictures[picture]));
  try {
    const { page, faults } = await openPage(browser, { locale: 'en-GB', width: 390, height: 844 });
    const posts = [];
    page.on('request', (one) => one.method() === 'POST' && one.url().endsWith('/scans') && posts.push(one.postDataJSON()));
    const wasm = [];
    page.on('request', (one) => one.url().includes('/vendor/zxing') && wasm.push(one.url()));
    await signIn(page, 'clerk');
    await page.waitForSelector('.scan-input:focus');
    await work({ page, posts, faults, wasm });
  } finally {
    await browser.close();
  }
}

const live = (page) => page.evaluate(() => document.querySelector('.viewfinder video')?.srcObject?.getTracks()
  .filter((track) => track.readyState === 'live').length ?? 0);

test('a DataMatrix before the camera is one scan, with its separator and its symbology', { skip: needsService }, async () => {
  await withCamera('matrix', async ({ page, posts, faults, wasm }) => {
    assert.deepEqual(wasm, [], 'the decoder is loaded only for the camera');
    await page.keyboard.press('F2');
    await page.keyboard.press('Alt+c');
    const result = page.locator('.result[data-outcome="posted"]');
    await result.waitFor({ timeout: 20_000 });
    assert.match(await result.innerText(), /C-1\/x/);
    await page.waitForTimeout(3500); // it stays in sight
    assert.equal(posts.length, 1);
    const { code, symbology } = posts[0];
    const [, key, dates, rest] = /^01(\d{14})17(\d{6})10(.*)$/s.exec(code);
    assert.deepEqual([key, dates.slice(2), rest, symbology], [gtin, '0630', 'C-1/x\u001d21aB9', ']d2']);
    assert.equal(await live(page), 1);
    await page.locator('.camera-button').click();
    await page.locator('.camera').waitFor({ state: 'detached' });
    assert.equal(await live(page), 0);
    assert.deepEqual(faults, []);
  });
});

test('the camera is released with the page and out of sight', { skip: needsService }, async () => {
  await withCamera('command', async ({ page, posts }) => {
    await page.locator('.camera-button').click();
    await page.locator('main.receive').waitFor({ timeout: 20_000 }); // the command code was obeyed, not sent
    assert.deepEqual(posts, []);
    const track = await page.evaluateHandle(() => document.querySelector('.viewfinder video').srcObject.getTracks()[0]);
    const see = (hidden) => page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
    await see(true);
    assert.equal(await track.evaluate((one) => one.readyState), 'ended');
    await see(false);
    await page.locator('.camera[data-state=running]').waitFor();
    const again = await page.evaluateHandle(() => document.querySelector('.viewfinder video').srcObject.getTracks()[0]);
    await page.locator('.roof nav a[href="#/stock"]').click();
    await page.locator('main.scan').waitFor({ state: 'detached' });
    assert.equal(await again.evaluate((one) => one.readyState), 'ended');
  });
});

test('no camera and a refusal are said in words', { skip: needsService }, async () => {
  const browser = await launch();
  const { page } = await openPage(browser, { locale: 'en-GB' });
  await signIn(page, 'clerk');
  await page.waitForSelector('.scan-input:focus');
  for (const [name, words] of [['NotFoundError', /has no camera/], ['NotAllowedError', /Allow it/], ['NotReadableError', /another program/]]) {
    await page.evaluate((error) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', error));
    }, name);
    await page.keyboard.press('Alt+c');
    assert.match(await page.locator('.camera .notice').innerText(), words);
    await page.keyboard.press('Alt+c');
    await page.locator('.camera').waitFor({ state: 'detached' });
  }
  await page.keyboard.type('UNKNOWN-1'); // the scanner goes on
  await page.keyboard.press('Enter');
  await page.locator('.result[data-outcome=held]').waitFor();
  await browser.close();
});
