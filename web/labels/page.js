// Labels: for shelves, for repacked goods, for totes, and the sheet of command codes.
// What is printed is what the page shows, on paper of the chosen size.
import { html, useEffect, useMemo, useState } from '/vendor/preact.js';
import { Choice } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { Notice, Problem } from '../parts/notice.js';
import { ProductSearch } from '../parts/product_search.js';
import { nameOfProduct, useNames } from '../parts/products.js';
import { getAll } from '../lib/api.js';
import { readDate, today } from '../lib/format.js';
import { useAct, useLoad } from '../lib/load.js';
import { changeQuery } from '../lib/router.js';
import { t, word } from '../lib/text.js';
import { PRINTED } from '../scan/commands.js';
import { commandLabel, repackedLabel, shelfLabel, toteLabel } from './contents.js';
import { Preview, fits } from './preview.js';
import { Rows, copiesOf, newRow, packsOf, wrongIn } from './rows.js';
import { SheetSettings, sheetOf, useSettings } from './settings.js';
import { cellsOf, laidOut, standsOnPaper } from './sheets.js';
import { keyOf, useSymbols, zplOf } from './symbols.js';
import { Totes, numbersIn } from './totes.js';

const KINDS = ['shelf', 'repacked', 'tote', 'commands'];
const MOST = 2000;

// The rows the stock page chose: [[product_id, lot, expiry], ...]. A shelf has one
// label whatever its lots.
function chosenRows(text, products, kind) {
  let chosen;
  try {
    chosen = JSON.parse(text ?? '[]');
  } catch {
    chosen = [];
  }
  const rows = chosen.map(([id, lot, expiry]) => [products.get(id), lot, expiry]).filter(([product]) => product);
  const distinct = kind === 'shelf' ? [...new Map(rows.map((row) => [row[0].id, row])).values()] : rows;
  return distinct.map((row) => newRow(...row));
}

const repeated = (row, label) => Array.from({ length: copiesOf(row) }, () => label);

// Minimum and maximum are read where this user may see them.
async function readProducts(user, signal) {
  const [products, levels] = await Promise.all([getAll('/products', {}, { signal, most: 20_000 }),
    user.role === 'manager' ? getAll('/thresholds', {}, { signal, most: 20_000 }) : { items: [] }]);
  return { products: new Map(products.items.map((one) => [one.id, one])),
    levels: new Map(levels.items.filter((one) => one.minimum !== null).map((one) => [one.product_id, one])) };
}

function labelsOf(kind, { rows, tote, levels, symbology, user }) {
  if (kind === 'commands') return PRINTED.map(commandLabel);
  if (kind === 'tote') return numbersIn(tote.text).map((number) => toteLabel(number, tote.kind, tote.title));
  const whole = rows.filter((row) => wrongIn(row, kind).length === 0);
  if (kind === 'shelf') {
    return whole.flatMap((row) => repeated(row, shelfLabel({ ...row, level: levels?.get(row.product.id) }, symbology)));
  }
  return whole.flatMap((row) => repeated(row, repackedLabel(
    { ...row, expiry: readDate(row.expiry), packs: packsOf(row) }, { madeOn: today(), madeBy: user.name },
  )));
}

function download(text, name) {
  const link = Object.assign(document.createElement('a'), {
    href: URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function LabelsPage({ user, route }) {
  const { query } = route;
  const names = useNames();
  const kind = KINDS.includes(query.kind) ? query.kind : 'shelf';
  const [settings, change] = useSettings();
  const [start, setStart] = useState(1);
  const [rows, setRows] = useState([]);
  const [tote, setTote] = useState({ kind: 'text', text: '', title: '' });
  const [symbology, setSymbology] = useState('ean-13');
  const { data, error, reload } = useLoad((signal) => readProducts(user, signal), []);
  const act = useAct();
  useEffect(() => { if (data) setRows(chosenRows(query.rows, data.products, kind)); }, [data, kind, query.rows]);

  const sheet = sheetOf(settings);
  const stands = standsOnPaper(sheet);
  const places = sheet.columns * sheet.rows;
  const all = useMemo(() => labelsOf(kind, { rows, tote, levels: data?.levels, symbology, user }),
    [kind, rows, tote, data, symbology, names]);
  const labels = useMemo(() => all.slice(0, MOST), [all]);
  const symbols = useSymbols(labels.filter((one) => !one.wrong), settings.dpi);
  const drawn = labels.map((one) => (one.wrong ? { wrong: one.wrong } : symbols.get(keyOf(one, settings.dpi))));
  const [cell] = cellsOf(sheet);
  const [cut, setCut] = useState(0); // labels whose words have no room
  const bad = drawn.filter((symbol) => symbol && (symbol.wrong || symbol.error || !fits(symbol, cell))).length;
  const wrong = (kind === 'shelf' || kind === 'repacked' ? rows : []).flatMap((row) => wrongIn(row, kind)
    .map((what) => t('label.wrong', { product: nameOfProduct(row.product), why: word('label_wrong', what) })));
  const isReady = all.length > 0 && all.length <= MOST && stands && bad === 0 && cut === 0 && wrong.length === 0
    && drawn.every(Boolean);
  const sheets = stands ? laidOut(labels, sheet, Math.min(start, places)) : [];
  const toPrinter = () => act.run(async () => download(await zplOf(labels, settings.dpi), 'labels.zpl'));

  return html`<main class="page labels" id="main">
    <div class="page-head no-print"><h1>${t('page.labels')}</h1>
      <div class="row">
        <button onClick=${toPrinter} disabled=${!isReady || act.busy}><${Icon} name="file" /> ZPL</button>
        <button class="primary" onClick=${() => print()} disabled=${!isReady}><${Icon}
          name="print" /> ${t('label.print', { n: labels.length })}</button>
      </div></div>
    <div class="tabs no-print" role="group" aria-label=${t('label.kind')}>${KINDS.map((one) => html`<button key=${one}
      aria-current=${String(one === kind)} onClick=${() => changeQuery({ kind: one })}>${t(`label_kind.${one}`)}
      </button>`)}</div>
    <p class="soft small no-print">${t(`label_what.${kind}`)}</p>
    <${Problem} error=${error ?? act.error} retry=${error && reload} />
    <div class="stack no-print">
      ${(kind === 'shelf' || kind === 'repacked') && html`<${ProductSearch} label=${t('label.add')}
        onChoose=${(product) => setRows([...rows, newRow(product)])} />
        <${Rows} kind=${kind} rows=${rows} setRows=${setRows} />`}
      ${kind === 'shelf' && html`<div class="filters"><${Choice} label=${t('label.symbology')} value=${symbology}
        onChange=${setSymbology} options=${[['ean-13', 'EAN-13'], ['gs1-datamatrix', 'GS1 DataMatrix']]} /></div>`}
      ${kind === 'tote' && html`<${Totes} tote=${tote} setTote=${setTote} />`}
      <${SheetSettings} settings=${settings} change=${change} start=${start} onStart=${setStart} places=${places} />
      ${!stands && html`<${Notice} meaning="stopped"><p>${t('sheet.off_paper')}</p></${Notice}>`}
      ${bad > 0 && html`<${Notice} meaning="stopped"><p class="bad-labels">${t('label.bad', { n: bad })}</p></${Notice}>`}
      ${cut > 0 && html`<${Notice} meaning="stopped"><p class="cut-labels">${t('label.cut', { n: cut })}</p></${Notice}>`}
      ${all.length > MOST && html`<${Notice} meaning="stopped"><p>${t('label.too_many', { n: all.length, most: MOST })}</p></${Notice}>`}
      ${wrong.length > 0 && html`<${Notice} meaning="look"><ul class="wrong-rows">${wrong.slice(0, 5).map((text) => html`<li
        key=${text}>${text}</li>`)}</ul></${Notice}>`}
      ${isReady && html`<p class="soft small">${t('label.sum', { n: labels.length, sheets: sheets.length })}</p>`}
    </div>
    <${Preview} sheets=${sheets} paper=${sheet} symbols=${symbols} dpi=${settings.dpi}
      onCut=${setCut} />
  </main>`;
}
