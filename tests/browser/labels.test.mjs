// Sheets of labels on paper: printed, rasterised and read by another decoder, each
// symbol is whole and says exactly what it should.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { call, callAll, launch, needsService, openPage, signIn, url } from './helpers.mjs';

const source = readFileSync(fileURLToPath(new URL('../../web/labels/sheets.js', import.meta.url)), 'utf8');
const { PRESETS, cellsOf, laidOut, onRoll, standsOnPaper } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const DPI = 300;
const folder = mkdtempSync(`${tmpdir()}/yaoku-labels-`);
after(() => rmSync(folder, { recursive: true }));

test('every preset stands on its paper, and its labels do not overlap', () => {
  for (const [name, sheet] of Object.entries(PRESETS)) {
    assert.ok(standsOnPaper(sheet), name);
    assert.equal(cellsOf(sheet).length, sheet.columns * sheet.rows, name);
    assert.ok(sheet.gapX >= 0 && sheet.gapY >= 0, name);
  }
  assert.ok(!standsOnPaper({ ...PRESETS.a4_24, rows: 9 }));
  assert.ok(!standsOnPaper({ ...PRESETS.a4_24, left: 1 }));
  assert.ok(!standsOnPaper({ ...PRESETS.a4_24, columns: 0 }));
});

test('labels begin at the place asked for and go on over sheets', () => {
  const numbers = (sheets) => sheets.map((places) => places.map(({ label }) => label));
  const labels = Array.from({ length: 30 }, (_, n) => n);
  assert.deepEqual(numbers(laidOut(labels, PRESETS.a4_24, 20)).map((one) => one.length), [5, 24, 1]);
  assert.deepEqual(laidOut([7], PRESETS.a4_24, 24), [[{ label: 7, cell: cellsOf(PRESETS.a4_24)[23] }]]);
  assert.equal(laidOut(labels, onRoll(60, 40)).length, 30);
});

let browser;
let page;
let faults;
before(async () => {
  if (needsService) return;
  browser = await launch();
  ({ page, faults } = await openPage(browser, { locale: 'en-GB', width: 1280 }));
  await signIn(page, 'manager');
});
after(() => browser?.close());

async function open(query, paper = {}) {
  await page.evaluate((value) => localStorage.setItem('yaoku.labels', JSON.stringify(value)), paper);
  await page.goto(`${url}/#/stock`);
  await page.goto(`${url}/#/labels?${new URLSearchParams(query)}`);
  await page.reload();
}

const isDrawn = () => page.waitForFunction(() => document.querySelector('.page.labels button.primary:not([disabled])'));

// The pages of what the page prints, as grey pictures {width, height, pixels}.
async function print(name) {
  await isDrawn();
  writeFileSync(`${folder}/${name}.pdf`, await page.pdf({ preferCSSPageSize: true }));
  execFileSync('pdftoppm', ['-r', String(DPI), '-gray', `${folder}/${name}.pdf`, `${folder}/${name}`]);
  const info = execFileSync('pdfinfo', [`${folder}/${name}.pdf`], { encoding: 'utf8' });
  const pages = Number(/Pages:\s+(\d+)/.exec(info)[1]);
  const [width, height] = /Page size:\s+([\d.]+) x ([\d.]+) pts/.exec(info).slice(1).map((points) => Number(points) / 72 * 25.4);
  const pictures = Array.from({ length: pages }, (_, n) => {
    const data = readFileSync(`${folder}/${name}-${String(n + 1).padStart(String(pages).length, '0')}.pgm`);
    const [head, columns, rows] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(data.subarray(0, 40).toString('latin1'));
    return { width: Number(columns), height: Number(rows), pixels: data.subarray(head.length) };
  });
  return { paper: { width, height }, pictures };
}

const dots = (mm) => Math.round(mm / 25.4 * DPI);

// What another decoder reads at one place of a sheet: [identifier, bytes].
function readAt(picture, cell) {
  const [left, top] = [dots(cell.left), dots(cell.top)];
  const width = Math.min(dots(cell.width), picture.width - left);
  const height = Math.min(dots(cell.height), picture.height - top);
  const rows = Array.from({ length: height }, (_, n) => picture.pixels.subarray((top + n) * picture.width + left).subarray(0, width));
  writeFileSync(`${folder}/cell.pgm`, Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), ...rows]));
  const said = execFileSync('ZXingReader', [`${folder}/cell.pgm`], { encoding: 'utf8' });
  const bytes = /Bytes:\s+((?:[0-9A-F]{2} ?)+)/.exec(said)?.[1].trim().split(' ').map((hex) => parseInt(hex, 16));
  return bytes && [/Identifier:\s+(\S+)/.exec(said)[1], Buffer.from(bytes).toString('latin1')];
}

const readAll = (picture, sheet, n) => cellsOf(sheet).slice(0, n).map((cell) => readAt(picture, cell));
const near = (a, b) => Math.abs(a - b) < 0.3;

test('the command sheet is one A4 page with every code', { skip: needsService }, async () => {
  await open({ kind: 'commands' });
  const { paper, pictures } = await print('commands');
  assert.ok(near(paper.width, 210) && near(paper.height, 297), JSON.stringify(paper));
  assert.equal(pictures.length, 1);
  const words = ['DISPENSE', 'RECEIVE', 'RETURN', 'WRITE-OFF', 'CONFIRM', 'CANCEL', 'UNDO',
    ...[1, 2, 3, 5, 10, 20, 50, 100].map((n) => `QUANTITY-${n}`), ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `CHOICE-${n}`)];
  assert.deepEqual(readAll(pictures[0], PRESETS.a4_24, 24), words.map((word) => [']C0', `YAOKU-${word}`]));
  assert.deepEqual(faults, []);
});

test('rows ticked on the stock page become repacked labels, on a half-used sheet', { skip: needsService }, async () => {
  await page.goto(`${url}/#/stock?state=usable`);
  await page.locator('tbody input[type=checkbox]').nth(2).waitFor();
  for (const n of [0, 2]) await page.locator('tbody input[type=checkbox]').nth(n).check();
  const ticked = await page.locator('tbody tr:has(input:checked)').evaluateAll((rows) => rows.map((row) => [
    row.querySelector('[data-label=Lot]').textContent, row.querySelector('[data-label=Expiry]').textContent.slice(0, 10)]));
  await page.locator('.page-head a.primary').click();
  await page.locator('.tabs button').nth(1).click();
  await page.locator('tbody input[name=copies]').first().fill('20');
  await page.locator('tbody input[name=packs]').nth(1).fill('12');
  await page.locator('.filters select').nth(1).selectOption('10');
  await page.locator('.label').nth(20).waitFor();
  const { pictures } = await print('repacked');
  assert.equal(pictures.length, 2);
  const gtins = await Promise.all((await page.evaluate(() => JSON.parse(new URLSearchParams(location.hash.split('?')[1]).get('rows'))))
    .map(async ([id]) => (await call(page, `/products?product_id=${id}`)).items[0].gtin.padStart(14, '0')));
  const said = ticked.map(([lot, expiry], n) => `01${gtins[n]}17${expiry.replaceAll('-', '').slice(2)}10${lot}`);
  const cells = cellsOf(PRESETS.a4_24);
  assert.deepEqual(cells.slice(0, 9).map((cell) => readAt(pictures[0], cell)).filter(Boolean), [], 'used places stay empty');
  assert.deepEqual(cells.slice(9).map((cell) => readAt(pictures[0], cell)), Array(15).fill([']d2', said[0]]));
  assert.deepEqual(readAll(pictures[1], PRESETS.a4_24, 6), [...Array(5).fill([']d2', said[0]]), [']d2', `${said[1]}\u001d3012`]]);
  assert.deepEqual(faults, []);
});

test('shelf labels on a roll are pages of the label\'s size', { skip: needsService }, async () => {
  const { items } = await call(page, '/products?limit=3');
  await open({ kind: 'shelf', rows: JSON.stringify(items.map((one) => [one.id])) }, { preset: 'roll', roll: { width: 70, height: 35 } });
  await page.locator('input[name=place]').first().fill('A-03-2');
  assert.match(await page.locator('.label').first().innerText(), /A-03-2/);
  const { paper, pictures } = await print('shelf');
  assert.ok(near(paper.width, 70) && near(paper.height, 35), JSON.stringify(paper));
  const [cell] = cellsOf(onRoll(70, 35));
  assert.deepEqual(pictures.map((picture) => readAt(picture, cell)), items.map((one) => [']E0', one.gtin.padStart(13, '0').slice(-13)]));
});

test('totes are counted on, with their check digits', { skip: needsService }, async () => {
  await open({ kind: 'tote' });
  const tote = async (kind, first, many) => {
    await page.locator('textarea[name=numbers]').fill('');
    await page.locator('form select').selectOption(kind);
    await page.locator('input[name=first]').fill(first);
    await page.locator('input[name=many]').fill(many);
    await page.keyboard.press('Enter');
    await page.waitForFunction((n) => document.querySelectorAll('.label img').length === n, Number(many));
    return readAll((await print(`tote-${kind}`)).pictures[0], PRESETS.a4_24, Number(many));
  };
  assert.deepEqual(await tote('text', 'BOX-099', '3'), ['BOX-099', 'BOX-100', 'BOX-101'].map((text) => [']C0', text]));
  assert.deepEqual(await tote('sscc', '37610425002123456', '2'), [[']C1', '00376104250021234569'], [']C1', '00376104250021234576']]);
  assert.deepEqual(await tote('grai', '09501101530003T9', '2'), [[']d2', '800309501101530003T9'], [']d2', '800309501101530003T10']]);
});

test('what does not fit or cannot be drawn is said and not printed', { skip: needsService }, async () => {
  await open({ kind: 'commands' }, { preset: 'a4_64' });
  await page.locator('.bad-labels').waitFor();
  assert.match(await page.locator('.label').first().innerText(), /does not fit/);
  assert.ok(await page.locator('button.primary').isDisabled());
  await open({ kind: 'tote' });
  await page.locator('form select').selectOption('sscc');
  await page.locator('textarea[name=numbers]').fill('376104250021234560');
  await page.locator('.bad-labels').waitFor();
  assert.match(await page.locator('.label').innerText(), /check digit/);
  assert.ok(await page.locator('button.primary').isDisabled());
});

test('ZPL is one file with a label for each copy', { skip: needsService }, async () => {
  await open({ kind: 'tote' });
  await page.locator('textarea[name=numbers]').fill('T-1\nT-2\nT-1');
  await isDrawn();
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.page-head button').first().click()]);
  const text = readFileSync(await file.path(), 'utf8');
  assert.deepEqual([...text.matchAll(/\^XA[\s\S]*?\^FD(?:>[:;])(T-\d)\^FS[\s\S]*?\^XZ/g)].map((match) => match[1]), ['T-1', 'T-2', 'T-1']);
});

test('small labels say lot and expiry, or that they have no room', { skip: needsService }, async () => {
  const [product] = (await callAll(page, '/products')).sort((a, b) => a.name_en.length - b.name_en.length);
  await open({ kind: 'repacked', rows: JSON.stringify([[product.id, 'LOT-12345', '2028-06-30']]) }, { preset: 'a4_64' });
  await isDrawn();
  const words = page.locator('.label-words').first();
  assert.match(await words.innerText(), /LOT-12345[\s\S]*2028-06-30/);
  assert.ok(await words.evaluate((one) => one.scrollHeight <= one.clientHeight + 1 && one.scrollWidth <= one.clientWidth + 1), 'none is cut');
  await open({ kind: 'tote' }, { preset: 'a4_64' });
  await page.locator('textarea[name=numbers]').fill('T-1');
  await isDrawn();
  await page.locator('input[name=title]').fill('W'.repeat(40));
  await isDrawn();
  await page.evaluate(() => localStorage.setItem('yaoku.labels', JSON.stringify({ preset: 'roll', roll: { width: 40, height: 9 } })));
  await page.reload();
  await page.locator('textarea[name=numbers]').fill('T-1');
  await page.locator('input[name=title]').fill('W'.repeat(40));
  await page.locator('.cut-labels').waitFor();
  assert.ok(await page.locator('button.primary').isDisabled());
  assert.equal(await page.getByText('Print at 100 %').count(), 0);
});

const REFUSED = {
  'a wrong check digit': ['sscc', '376104250021234560', /check digit is wrong/],
  'no SSCC': ['sscc', '12345', /18 digits/],
  'a command code': ['text', 'YAOKU-UNDO', /command codes/],
};
for (const [name, [kind, first, words]] of Object.entries(REFUSED)) {
  test(`a tote's number is refused in words: ${name}`, { skip: needsService }, async () => {
    await open({ kind: 'tote' });
    await page.locator('form select').selectOption(kind);
    await page.locator('input[name=first]').fill(first);
    await page.keyboard.press('Enter');
    assert.match(await page.locator('.tote-said').innerText(), words);
    assert.equal(await page.locator('textarea[name=numbers]').inputValue(), '');
    await page.locator('textarea[name=numbers]').fill(first);
    assert.match(await page.locator('.label').innerText(), words);
    assert.ok(await page.locator('button.primary').isDisabled());
  });
}

test('counting on leaves out what is there, and copies beyond the limit are said', { skip: needsService }, async () => {
  await open({ kind: 'tote' });
  for (const many of ['3', '5']) {
    await page.locator('input[name=first]').fill('B-1');
    await page.locator('input[name=many]').fill(many);
    await page.keyboard.press('Enter');
  }
  assert.equal(await page.locator('textarea[name=numbers]').inputValue(), 'B-1\nB-2\nB-3\nB-4\nB-5');
  assert.match(await page.locator('.tote-said').innerText(), /3 of these/);
  const { items: [product] } = await call(page, '/products?limit=1');
  await open({ kind: 'repacked', rows: JSON.stringify([[product.id, 'L1', '2028-06-30']]) });
  await isDrawn();
  await page.locator('input[name=copies]').fill('501');
  assert.match(await page.locator('.wrong-rows').innerText(), /1 to 500/);
  await page.locator('input[name=copies]').fill('1');
  await page.locator('input[name=packs]').fill('0');
  assert.match(await page.locator('.wrong-rows').innerText(), /1 to 9999/);
  assert.ok(await page.locator('button.primary').isDisabled());
});
