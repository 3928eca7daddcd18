// Why a threshold is this number, and changing it: the effect stands in numbers
// before anything is saved.
import { html, useState } from '/vendor/preact.js';
import { Input } from '../parts/field.js';
import { Notice, Problem } from '../parts/notice.js';
import { productName } from '../parts/products.js';
import { get, put } from '../lib/api.js';
import { useAct } from '../lib/load.js';
import { count, decimal, money, when } from '../lib/format.js';
import { t, word } from '../lib/text.js';

const MOST = 1_000_000;
const LARGE = 10; // times the old maximum

// The arithmetic behind a number, each figure named; formulas come as sentences below.
function Figures({ explain }) {
  const entries = Object.entries(explain ?? {})
    .filter(([name, value]) => value !== null && typeof value !== 'object' && name !== 'minimum' && name !== 'maximum');
  if (entries.length === 0) return null;
  return html`<dl class="facts small">${entries.map(([name, value]) => html`<div key=${name}>
    <dt>${word('explain', name)}</dt><dd>${figure(name, value)}</dd></div>`)}</dl>`;
}

function figure(name, value) {
  if (name === 'set_at') return when(value);
  return typeof value === 'number' ? decimal(value, Number.isInteger(value) ? 0 : 2) : String(value);
}

function reasonInWords(row) {
  const demand = Number(row.daily_demand);
  const rule = t('threshold.rule', { minimum: count(row.minimum), maximum: count(row.maximum) });
  if (!(demand > 0)) return `${t('threshold.no_demand')} ${rule}`;
  return `${t('threshold.demand', {
    demand: decimal(demand), low: decimal(row.minimum / demand, 0), high: decimal(row.maximum / demand, 0),
  })} ${rule}`;
}

// How a computed threshold came about, as a sum the reader can check.
function sumInWords({ explain, minimum, maximum }) {
  if (typeof explain?.lead_days !== 'number' || typeof explain.cycle_days !== 'number') return null;
  const figures = { ...explain, demand: decimal(explain.daily_demand, 2), minimum: count(minimum),
    maximum: count(maximum) };
  return `${t('threshold.minimum_sum', figures)} ${t('threshold.maximum_sum', figures)}`;
}

// Digits and nothing else: what JavaScript reads as a number, 1e5 too, is not what was meant.
const wholeOf = (text) => (/^\d{1,7}$/.test(text.trim()) && Number(text) <= MOST ? Number(text) : null);

const orderedNow = (row, minimum, maximum) => (row.position <= minimum ? Math.max(0, maximum - row.position) : 0);

function effectOf(row, minimum, maximum) {
  if (minimum === null || maximum === null) return t('threshold.whole', { most: count(MOST) });
  if (maximum < minimum) return t('threshold.crossed');
  const n = orderedNow(row, minimum, maximum);
  if (n > 0) {
    return t('threshold.orders_now',
      { position: count(row.position), minimum: count(minimum), n: count(n) });
  }
  return t('threshold.no_order', { position: count(row.position), n: count(row.position - minimum) });
}

export function ThresholdEditor({ row, done }) {
  const [form, setForm] = useState({ minimum: String(row.minimum), maximum: String(row.maximum), reason: '' });
  const act = useAct();
  const [sure, setSure] = useState(null); // {n, value} of an order so large that it is asked again
  const [minimum, maximum] = [wholeOf(form.minimum), wholeOf(form.maximum)];
  const fits = minimum !== null && maximum !== null && maximum >= minimum;
  const n = fits ? orderedNow(row, minimum, maximum) : 0;
  const changed = minimum !== row.minimum || maximum !== row.maximum;
  const change = (name) => (value) => { setForm({ ...form, [name]: value }); setSure(null); };
  const save = (event) => {
    event.preventDefault();
    act.run(async () => {
      if (n > LARGE * row.maximum && !sure) {
        const { items } = await get('/products', { product_id: row.product_id });
        setSure({ n, value: n * Number(items[0]?.price ?? NaN) });
        return;
      }
      const body = { pharmacy_id: row.pharmacy_id, product_id: row.product_id, minimum, maximum };
      if (form.reason.trim()) body.reason = form.reason.trim();
      await put('/thresholds', body);
      const name = productName(row.product_id, row.name);
      done(t('threshold.saved', { name, minimum: count(minimum), maximum: count(maximum) }));
    });
  };
  const unheld = (event) => { if (event.repeat && event.key === 'Enter') event.preventDefault(); };
  return html`<form class="question" onSubmit=${save} onKeyDown=${unheld}>
    <p>${reasonInWords(row)}</p>
    ${sumInWords(row)
      ? html`<p class="soft small">${sumInWords(row)}</p>` : html`<${Figures} explain=${row.explain} />`}
    <div class="row end">
      <${Input} label=${t('level.minimum')} class="number" name="minimum" inputmode="numeric" value=${form.minimum}
        onText=${change('minimum')} />
      <${Input} label=${t('level.maximum')} class="number" name="maximum" inputmode="numeric" value=${form.maximum}
        onText=${change('maximum')} />
      <${Input} label=${t('threshold.reason')} wide=${true} name="reason" maxlength="500" value=${form.reason}
        onText=${change('reason')} />
      <button class="primary" disabled=${!fits || !changed || act.busy}>${sure
         ? t('threshold.order_now', { n: count(sure.n) }) : t('act.save')}</button>
    </div>
    <p class=${fits ? 'small' : 'small stopped'}>${effectOf(row, minimum, maximum)}</p>
    ${sure && html`<${Notice} meaning="look"><p>${t('threshold.large',
      { n: count(sure.n), value: money(sure.value), old: count(row.maximum) })}</p></${Notice}>`}
    <${Problem} error=${act.error} />
  </form>`;
}
