// One order on one page, and the supplier's next step with it.
import { html, useState } from '/vendor/preact.js';
import { Input } from '../parts/field.js';
import { Notice, Problem } from '../parts/notice.js';
import { OrderSheet } from '../parts/order_sheet.js';
import { PageTools } from '../parts/page_tools.js';
import { post } from '../lib/api.js';
import { useAct, useLoad } from '../lib/load.js';
import { t } from '../lib/text.js';
import { findOrder, learn } from './feed.js';
import { ConfirmForm } from './confirm.js';
import { ShipForm } from './ship.js';

function Decline({ order, done, back }) {
  const [reason, setReason] = useState('');
  const act = useAct();
  const decline = (event) => {
    event.preventDefault();
    act.run(async () => { done(t('supply.declined'),
      await post(`/supplier/orders/${order.id}/decline`, { reason })); });
  };
  return html`<form class="question" onSubmit=${decline}>
    <h2>${t('supply.decline')}</h2>
    <p>${t('supply.decline_effect', { n: order.lines.length })}</p>
    <div class="row end">
      <${Input} label=${t('word.reason')} wide=${true} name="reason" required maxlength="500" value=${reason}
        onText=${setReason} />
      <button class="stop" disabled=${act.busy || !reason.trim()}>${t('supply.decline')}</button>
      <button type="button" class="quiet" onClick=${back}>${t('act.back')}</button>
    </div>
    <${Problem} error=${act.error} />
  </form>`;
}

function Steps({ order, done }) {
  const [declining, setDeclining] = useState(false);
  if (declining) return html`<${Decline} order=${order} done=${done} back=${() => setDeclining(false)} />`;
  const decline = () => setDeclining(true);
  return html`
    ${order.status === 'open' && html`<${ConfirmForm} order=${order} done=${done} decline=${decline} />`}
    ${['open', 'confirmed'].includes(order.status) && html`<${ShipForm} order=${order} done=${done} />`}`;
}

export function SupplierOrder({ id }) {
  const [said, setSaid] = useState(null);
  const { data: order, error, reload } = useLoad((signal) => findOrder(id, signal), [id]);
  // The answer is the order as it is now; the feed will say the same a moment later.
  const done = (text, changed) => { setSaid(text); learn({ ...order, ...changed }); reload(); };
  return html`<main class="page" id="main">
    <div class="page-head">
      <div><a class="no-print" href="#/supply">← ${t('page.supply')}</a><h1>${t('order.title', { id })}</h1></div>
      <${PageTools} />
    </div>
    <${Problem} error=${error} retry=${reload} />
    ${said && html`<${Notice} meaning="done"><p>${said}</p></${Notice}>`}
    ${order ? html`<section class="panel"><${OrderSheet} order=${order} /></section>` : !error
      && html`<span class="skeleton">${t('list.loading')}</span>`}
    ${order && html`<div class="stack no-print"><${Steps} key=${`${order.status}/${order.revision}`} order=${order}
      done=${done} /></div>`}
  </main>`;
}
