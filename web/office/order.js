// One order as the pharmacy sees it; it can be cancelled until it is shipped.
import { html, useState } from '/vendor/preact.js';
import { Input } from '../parts/field.js';
import { Problem } from '../parts/notice.js';
import { OrderSheet } from '../parts/order_sheet.js';
import { PageTools } from '../parts/page_tools.js';
import { get, post } from '../lib/api.js';
import { useAct, useLoad } from '../lib/load.js';
import { count } from '../lib/format.js';
import { t } from '../lib/text.js';

function Cancel({ order, done }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const act = useAct();
  const units = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  const cancel = (event) => {
    event.preventDefault();
    act.run(async () => { await post(`/orders/${order.id}/cancel`, { reason }); done(); });
  };
  if (!open) return html`<div class="no-print"><button class="stop"
    onClick=${() => setOpen(true)}>${t('order.cancel')}</button></div>`;
  return html`<form class="question" onSubmit=${cancel}>
    <p>${t('order.cancel_effect', { lines: order.lines.length, n: count(units) })}</p>
    <div class="row end">
      <${Input} label=${t('word.reason')} wide=${true} value=${reason} required maxlength="500" onText=${setReason} />
      <button class="stop" disabled=${act.busy || !reason.trim()}>${t('order.cancel_now')}</button>
      <button type="button" class="quiet" onClick=${() => setOpen(false)}>${t('act.back')}</button>
    </div>
    <${Problem} error=${act.error} />
  </form>`;
}

export function OrderPage({ id, user }) {
  const { data: order, error, reload } = useLoad((signal) => get(`/orders/${id}`, {}, signal), [id]);
  const may = user.role !== 'clerk' && ['open', 'confirmed'].includes(order?.status);
  return html`<main class="page" id="main">
    <div class="page-head">
      <div><a class="no-print" href="#/orders">← ${t('page.orders')}</a><h1>${t('order.title', { id })}</h1></div>
      <${PageTools} />
    </div>
    <${Problem} error=${error} retry=${reload} />
    ${order ? html`<section class="panel"><${OrderSheet} order=${order} /></section>` : !error
      && html`<span class="skeleton">${t('list.loading')}</span>`}
    ${may && html`<${Cancel} order=${order} done=${reload} />`}
  </main>`;
}
