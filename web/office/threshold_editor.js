// Why a threshold is this number, and changing it: the effect stands in numbers
// before anything is saved.
import { html, useState } from '/vendor/preact.js';
import { Input } from '../parts/field.js';
import { Problem } from '../parts/notice.js';
import { put } from '../lib/api.js';
import { useAct } from '../lib/load.js';
import { count, decimal, when } from '../lib/format.js';
import { t, word } from '../lib/text.js';

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

function effectOf(row, minimum, maximum) {
  if (!Number.isInteger(minimum) || !Number.isInteger(maximum) || minimum < 0) return t('threshold.whole');
  if (maximum < minimum) return t('threshold.crossed');
  if (row.position <= minimum && maximum > row.position) {
    return t('threshold.orders_now',
      { position: count(row.position), minimum: count(minimum), n: count(maximum - row.position) });
  }
  return t('threshold.no_order', { position: count(row.position), n: count(row.position - minimum) });
}

export function ThresholdEditor({ row, done }) {
  const [form, setForm] = useState({ minimum: String(row.minimum), maximum: String(row.maximum), reason: '' });
  const act = useAct();
  const [minimum, maximum] = [Number(form.minimum), Number(form.maximum)];
  const fits = Number.isInteger(minimum) && Number.isInteger(maximum) && minimum >= 0 && maximum >= minimum;
  const changed = minimum !== row.minimum || maximum !== row.maximum;
  const change = (name) => (value) => setForm({ ...form, [name]: value });
  const save = (event) => {
    event.preventDefault();
    act.run(async () => {
      const body = { pharmacy_id: row.pharmacy_id, product_id: row.product_id, minimum, maximum };
      if (form.reason.trim()) body.reason = form.reason.trim();
      await put('/thresholds', body);
      done(t('threshold.saved', { name: row.name, minimum: count(minimum), maximum: count(maximum) }));
    });
  };
  return html`<form class="question" onSubmit=${save}>
    <p>${reasonInWords(row)}</p>
    ${sumInWords(row)
      ? html`<p class="soft small">${sumInWords(row)}</p>` : html`<${Figures} explain=${row.explain} />`}
    <div class="row end">
      <${Input} label=${t('level.minimum')} class="number" name="minimum" inputmode="numeric" value=${form.minimum}
        onText=${change('minimum')} />
      <${Input} label=${t('level.maximum')} class="number" name="maximum" inputmode="numeric" value=${form.maximum}
        onText=${change('maximum')} />
      <${Input} label=${t('threshold.reason')} wide=${true} name="reason" value=${form.reason}
        onText=${change('reason')} />
      <button class="primary" disabled=${!fits || !changed || act.busy}>${t('act.save')}</button>
    </div>
    <p class=${fits ? 'small' : 'small stopped'}>${effectOf(row, minimum, maximum)}</p>
    <${Problem} error=${act.error} />
  </form>`;
}
