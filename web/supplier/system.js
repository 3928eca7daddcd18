// "For your system": how a program reads the same orders. The example works once
// the administrator's key stands in it.
import { html, useState } from '/vendor/preact.js';
import { Icon } from '../parts/icon.js';
import { csvAddress, get } from '../lib/api.js';
import { clockTime, today } from '../lib/format.js';
import { useLoad } from '../lib/load.js';
import { t } from '../lib/text.js';

// With a real order in them, once it is known. The feed is read without a status: a
// filtered one does not say that an order has left it.
const examples = (origin, order = 'ORDER') => [
  ['system.poll',
    `curl -H 'Authorization: Bearer KEYID.SECRET' \\\n  '${origin}/api/v1/supplier/orders?wait=30&cursor=0'`],
  ['system.confirm',
    `curl -X POST -H 'Authorization: Bearer KEYID.SECRET' -H 'Content-Type: application/json' \\\n  -d '{"lines":[{"line":1,"quantity":120,"promised_on":"${today(1)}"}]}' \\\n  '${origin}/api/v1/supplier/orders/${order}/confirm'`],
  ['system.ship',
    `curl -X POST -H 'Authorization: Bearer KEYID.SECRET' -H 'Content-Type: application/json' \\\n  -d '{"lines":[{"line":1,"lot":"A2403","expiry":"${today(365)}","quantity":120}]}' \\\n  '${origin}/api/v1/supplier/orders/${order}/ship'`],
  ['system.stock',
    `curl -H 'Authorization: Bearer KEYID.SECRET' -H 'Accept: text/csv' \\\n  '${origin}/api/v1/supplier/stock'`],
];

function Example({ title, text }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard?.writeText(text).then(() => setCopied(true));
  return html`<section class="stack">
    <div class="page-head"><h2>${title}</h2><button class="no-print"
      onClick=${copy}>${copied ? t('act.copied') : t('act.copy')}</button></div>
    <pre class="code" tabindex="0">${text}</pre>
  </section>`;
}

export function SystemPage() {
  const { data } = useLoad(async (signal) => ({ answer: await get('/supplier/orders', { status: 'open', limit: 1 },
    signal), at: new Date() }), []);
  return html`<main class="page narrow" id="main">
    <h1>${t('page.system')}</h1>
    <p>${t('system.what')}</p>
    <p class="soft">${t('system.key')}</p>
    ${data && html`<p
      class="soft small">${t('system.last_poll', { time: clockTime(data.at), cursor: data.answer.cursor ?? '' })}</p>`}
    <div class="row">
      <a class="button" download href=${csvAddress('/supplier/orders', { status: 'open' })}><${Icon}
        name="file" /> ${t('system.orders_csv')}</a>
      <a class="button" download href=${csvAddress('/supplier/stock')}><${Icon}
        name="file" /> ${t('system.stock_csv')}</a>
    </div>
    ${examples(location.origin, data?.answer.orders[0]?.id).map(([key, text]) => html`<${Example} key=${key} title=${t(key)} text=${text} />`)}
    <p class="soft small">${t('system.rules')}</p>
  </main>`;
}
