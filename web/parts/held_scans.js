// Held scans: what a person must decide. Bind gives a scan its product and lot,
// dismiss puts it aside with a reason; both keep the scan itself.
import { html, useState } from '/vendor/preact.js';
import { Check, Input } from './field.js';
import { Empty, Notice, Problem, problemText, reasonText } from './notice.js';
import { ProductSearch } from './product_search.js';
import { nameOfProduct, productName } from './products.js';
import { get, post } from '../lib/api.js';
import { useAct, useLoad } from '../lib/load.js';
import { codeOf, readUnits } from '../scan/code.js';
import { age, codeText, readDate } from '../lib/format.js';
import { currentLanguage, t, word } from '../lib/text.js';

function Decide({ scan, bind, done }) {
  const [product, setProduct] = useState(null);
  const [form, setForm] = useState({ lot: scan.lot ?? '', expiry: scan.expiry ?? '', remember: false,
    remember_lot: false, units: '', reason: '' });
  const act = useAct();
  const change = (name) => (value) => setForm({ ...form, [name]: value });
  const needsProduct = scan.problem === 'unknown_code' || scan.problem === 'bad_code';
  const canLearn = needsProduct && scan.learns !== 'nothing';
  const productId = product?.id ?? scan.product_id;

  const bindIt = () => act.run(async () => {
    if (form.expiry && !readDate(form.expiry)) return t('ask.expiry_bad', { expiry: form.expiry });
    const remember = canLearn && form.remember;
    const choice = { product_id: productId, remember, units: needsProduct ? readUnits(form.units) : undefined };
    if (remember && form.remember_lot && form.lot) choice.remember_lot = true;
    if (form.lot) choice.lot = form.lot;
    if (readDate(form.expiry)) choice.expiry = readDate(form.expiry);
    const result = await bind(scan.id, choice, product);
    if (result.outcome === 'posted' || result.outcome === 'replayed') done(t('held.posted'));
    else return problemText(result.problem?.code, result.problem?.detail, result.problem?.why);
    return null;
  });
  const dismiss = () => act.run(async () => {
    await post(`/scans/${scan.id}/dismiss`, { reason: form.reason });
    done(t('held.dismissed'));
  });

  return html`<div class="question">
    ${product
      ? html`<p><b>${nameOfProduct(product)}</b> <button class="quiet"
        onClick=${() => setProduct(null)}>${t('held.other')}</button></p>`
      : html`<${ProductSearch} label=${t('ask.product_search')} autofocus=${needsProduct} onChoose=${setProduct} />`}
    <div class="row end">
      <${Input} label=${t('word.lot')} value=${form.lot} onText=${change('lot')} />
      <${Input} label=${t('ask.expiry')} value=${form.expiry} placeholder="2027-02-28" onText=${change('expiry')} />
      <button class="primary" disabled=${act.busy || !productId} onClick=${bindIt}>${t('held.post')}</button>
    </div>
    ${needsProduct && html`<div class="row end">
      ${canLearn && html`<${Check} label=${t('ask.remember')} small=${true} checked=${form.remember}
        onCheck=${change('remember')} />`}
      ${canLearn && form.remember && scan.learns === 'lot' && html`<${Check} label=${t('ask.remember_lot')}
        small=${true} checked=${form.remember_lot} onCheck=${change('remember_lot')} />`}
      <${Input} label=${t('ask.units')} name="units" class="number" inputmode="numeric" maxlength="5" placeholder="1"
        value=${form.units} onText=${change('units')} />
    </div>`}
    <div class="row end">
      <${Input} label=${t('held.reason')} wide=${true} maxlength="500" value=${form.reason}
        onText=${change('reason')} />
      <button class="stop" disabled=${act.busy || !form.reason.trim()} onClick=${dismiss}>${t('held.dismiss')}</button>
    </div>
    ${act.said && html`<${Notice} meaning="look"><p>${act.said}</p></${Notice}>`}
    <${Problem} error=${act.error} />
  </div>`;
}

export function HeldScans({ desk, pharmacyId, pharmacyName }) {
  const [open, setOpen] = useState(null);
  const [said, setSaid] = useState(null);
  const { data, error,
    reload } = useLoad((signal) => get('/scans', { outcome: 'held', pharmacy_id: pharmacyId, limit: 200 }, signal),
      [pharmacyId]);
  const bind = desk ? (id, choice) => desk.bind(id, choice)
    : async (id,
      choice) => { const answer = await post(`/scans/${id}/bind`, choice); return answer.results?.[0] ?? answer; };
  const done = (text) => { setSaid(text); setOpen(null); reload(); };
  return html`<div class="stack">
    <${Problem} error=${error} retry=${reload} />
    ${said && html`<${Notice} meaning="done"><p>${said}</p></${Notice}>`}
    ${!data && !error && html`<span class="skeleton">${t('list.loading')}</span>`}
    ${data?.items.length === 0 && html`<${Empty} title=${t('held.none')}>${t('held.none_how')}</${Empty}>`}
    <ul class="cards-list">${(data?.items ?? []).map((scan) => html`<li key=${scan.id} class="stack">
      <div class="row">
        <div class="grow">
          ${scan.name && html`<b>${productName(scan.product_id, scan.name)}</b> `}<b
            class="mono">${codeText(codeOf(scan), 40)}</b> ×${scan.quantity}
          <p class="small">${reasonText({ code: scan.problem, why: scan.why })}</p>
          ${scan.detail && currentLanguage() === 'en' && html`<p class="tiny soft">${scan.detail}</p>`}
          <p class="small soft">${pharmacyName
            ? `${pharmacyName(scan.pharmacy_id)} · ` : ''}${word('movement',
              scan.movement)} · ${age(scan.at)} · ${scan.operator ?? ''} ${scan.workstation ?? ''}</p>
        </div>
        <button aria-expanded=${String(open === scan.id)}
          onClick=${() => setOpen(open === scan.id ? null : scan.id)}>${t('held.decide')}</button>
      </div>
      ${open === scan.id && html`<${Decide} scan=${scan} bind=${bind} done=${done} />`}
    </li>`)}</ul>
  </div>`;
}
