// Learned codes: what people have said of codes that the master data do not have.
// The administrator takes them into the district; a wrong one is revoked, and the
// scans that it touched are there to be put right.
import { html, useEffect, useRef, useState } from '/vendor/preact.js';
import { Choice, Input } from '../parts/field.js';
import { Badge, Empty, Notice, Problem } from '../parts/notice.js';
import { PagedTable } from '../parts/paged.js';
import { PageTools } from '../parts/page_tools.js';
import { PharmacyFilter, usePharmacies } from '../parts/pharmacies.js';
import { productName, useNames } from '../parts/products.js';
import { post } from '../lib/api.js';
import { useAct, useLater } from '../lib/load.js';
import { codeText, count, expiryText, when } from '../lib/format.js';
import { changeQuery, linkTo } from '../lib/router.js';
import { t, word } from '../lib/text.js';

const MEANINGS = { waiting: 'waiting', district: 'done', conflict: 'look', revoked: 'stopped' };
const counts = (row) => row.state !== 'revoked';
const canRevoke = (user, row) => counts(row) && (user.role === 'admin' || row.pharmacy_id !== null);
const canApprove = (user, row) => user.role === 'admin' && counts(row) && row.pharmacy_id !== null
  && row.state !== 'district';

const NO_FILTER = {};

const placeOf = (row, pharmacyName) => (row.pharmacy_id === null ? t('roof.district') : pharmacyName(row.pharmacy_id));

const ledgerOf = (scan) => linkTo('/movements',
  { pharmacy_id: scan.pharmacy_id, product_id: scan.product_id, lot: scan.lot });

function TouchedScans({ row, pharmacyName }) {
  const columns = [
    { key: 'at', label: t('word.time'), shy: true, cell: (one) => when(one.at) },
    { key: 'pharmacy', label: t('word.pharmacy'), cell: (one) => pharmacyName(one.pharmacy_id) },
    { key: 'movement', label: t('word.kind'), lead: true,
      cell: (one) => html`<a href=${ledgerOf(one)}>${word('movement', one.movement)}</a>` },
    { key: 'lot', label: t('word.lot'), cell: (one) => html`<span class="mono">${one.lot}</span>` },
    { key: 'expiry', label: t('word.expiry'), shy: true },
    { key: 'quantity', label: t('word.quantity'), right: true,
      cell: (one) => `${one.quantity > 0 ? '+' : ''}${count(one.quantity)}` },
    { key: 'operator', label: t('word.operator') },
    { key: 'reversed', label: t('word.state'), cell: (one) => (one.reversed
      ? html`<${Badge} meaning="done">${t('code.reversed')}</${Badge}>`
      : html`<${Badge}>${t('code.stands')}</${Badge}>`) },
  ];
  const empty = html`<${Empty} title=${t('code.scans_none')}>${t('code.scans_none_how')}</${Empty}>`;
  return html`<${PagedTable} path=${`/codes/${row.id}/scans`} query=${NO_FILTER} columns=${columns} rowKey="scan_id"
    label=${t('code.scans')} empty=${empty} />`;
}

// A form that opens takes the focus; the attribute for it counts only while a page loads.
function useFirst() {
  const first = useRef(null);
  useEffect(() => first.current.focus(), []);
  return first;
}

// What the act does is said in numbers before it is done.
function Revoke({ row, pharmacyName, done }) {
  const [reason, setReason] = useState('');
  const first = useFirst();
  const act = useAct();
  const revoke = (event) => {
    event.preventDefault();
    act.run(async () => {
      const answer = await post(`/codes/${row.id}/revoke`, { reason });
      done(t('code.revoked', { code: codeText(row.code, 40), n: count(answer.scans) }));
    });
  };
  return html`<form class="question" onSubmit=${revoke}>
    <h3>${t('code.revoke_title', { code: codeText(row.code, 40) })}</h3>
    <p>${t('code.used', { n: count(row.used) })} ${row.pharmacy_id === null
      ? t('code.revoke_district', { n: count(row.agree + row.differ) })
      : t('code.revoke_own', { pharmacy: pharmacyName(row.pharmacy_id) })}</p>
    <div class="row end">
      <${Input} label=${t('code.reason')} name="reason" wide=${true} required maxlength="500" value=${reason}
        onText=${setReason} inputRef=${first} />
      <button class="stop" disabled=${act.busy || !reason.trim()}>${t('code.revoke')}</button>
    </div>
    <${Problem} error=${act.error} />
  </form>`;
}

function Approve({ row, done }) {
  const first = useFirst();
  const act = useAct();
  const approve = (event) => {
    event.preventDefault();
    act.run(async () => {
      await post(`/codes/${row.id}/approve`, {});
      done(t('code.approved', { code: codeText(row.code, 40) }));
    });
  };
  return html`<form class="question" onSubmit=${approve}>
    <h3>${t('code.approve_title', { code: codeText(row.code, 40), name: productName(row.product_id, row.name) })}</h3>
    <p>${t('code.approve_effect', { agree: count(row.agree), differ: count(row.differ) })}</p>
    ${row.lot && html`<p>${t('code.approve_lot', { lot: row.lot })}</p>`}
    <div class="row"><button class="primary" disabled=${act.busy} ref=${first}>${t('code.approve')}</button></div>
    <${Problem} error=${act.error} />
  </form>`;
}

function StateCell({ row }) {
  const ended = row.revoked_at && [row.revoked_by, when(row.revoked_at),
    row.replaced_by ? t('code.replaced') : row.reason].filter(Boolean).join(' · ');
  return html`<div><${Badge} meaning=${MEANINGS[row.state]}>${word('code_state', row.state)}</${Badge}>
    ${counts(row) && html`<p class="small soft">${t('code.votes', { agree: count(row.agree) })}${row.differ > 0
      ? ` · ${t('code.votes_differ', { differ: count(row.differ) })}` : ''}</p>`}
    ${ended && html`<p class="small soft">${ended}</p>`}</div>`;
}

const teacherOf = (row) => row.account ?? (row.pharmacy_id === null ? t('code.by_agreement') : '');

function columnsFor(user, pharmacyName, isOpen, toggle) {
  const button = (row, what, words, kind) => html`<button class=${kind} aria-expanded=${String(isOpen(row, what))}
    onClick=${() => toggle(row, what)}>${words}</button>`;
  return [
    { key: 'code', label: t('code.code'), lead: true,
      cell: (row) => html`<b class="mono">${codeText(row.code, 40)}</b>` },
    { key: 'name', label: t('word.product'),
      cell: (row) => html`<div>${productName(row.product_id, row.name)}${row.units > 1
      ? html` <b>×${count(row.units)}</b>` : ''}
      ${row.lot && html`<p class="small soft"><span class="mono">${row.lot}</span>${row.expiry
        ? ` · ${expiryText(row.expiry)}` : ''}</p>`}</div>` },
    { key: 'place', label: t('code.where'), cell: (row) => placeOf(row, pharmacyName) },
    { key: 'state', label: t('word.state'), cell: (row) => html`<${StateCell} row=${row} />` },
    { key: 'at', label: t('code.by'), cell: (row) => html`<div>${teacherOf(row)}
      <p class="small soft">${when(row.at)}</p></div>` },
    { key: 'used', label: t('code.uses'), right: true, cell: (row) => count(row.used) },
    { key: 'acts', label: '', cell: (row) => html`<span class="row no-print">
      ${row.used > 0 && button(row, 'scans', t('code.scans'), '')}
      ${canApprove(user, row) && button(row, 'approve', t('code.approve'), '')}
      ${canRevoke(user, row) && button(row, 'revoke', t('code.revoke'), 'stop')}</span>` },
  ];
}

export function CodesPage({ user, route }) {
  const { query } = route;
  useNames();
  const { name } = usePharmacies();
  const [open, setOpen] = useState(null); // {id, what} of the row that is being looked at
  const [said, setSaid] = useState(null);
  const [turn, setTurn] = useState(0);
  const pharmacy = user.pharmacy_id ?? query.pharmacy_id;
  const asked = { state: query.state, search: useLater(query.search ?? '', 200), pharmacy_id: pharmacy };
  const isOpen = (row, what) => open?.id === row.id && open.what === what;
  const toggle = (row, what) => { setSaid(null); setOpen(isOpen(row, what) ? null : { id: row.id, what }); };
  const done = (text) => { setSaid(text); setOpen(null); setTurn(turn + 1); };
  const after = (row) => open?.id === row.id && html`<div class="stack">
    ${open.what === 'approve' && html`<${Approve} key=${row.id} row=${row} done=${done} />`}
    ${open.what === 'revoke' && html`<${Revoke} key=${row.id} row=${row} pharmacyName=${name} done=${done} />`}
    ${open.what !== 'approve' && row.used > 0 && html`<${TouchedScans} key=${`${row.id} scans`} row=${row}
      pharmacyName=${name} />`}
  </div>`;
  return html`<main class="page" id="main">
    <div class="page-head"><h1>${t('page.codes')}</h1><${PageTools} path="/codes" query=${asked} /></div>
    <p class="soft">${t('code.what')}</p>
    <div class="filters">
      <${PharmacyFilter} user=${user} value=${pharmacy} onChange=${(id) => changeQuery({ pharmacy_id: id })} />
      <${Input} label=${t('code.search')} wide=${true} type="search" value=${query.search ?? ''}
        onText=${(search) => changeQuery({ search })} />
      <${Choice} label=${t('word.state')} value=${query.state} onChange=${(state) => changeQuery({ state })}
        options=${[['', t('filter.any')],
          ...Object.keys(MEANINGS).map((state) => [state, word('code_state', state)])]} />
    </div>
    ${said && html`<${Notice} meaning="done"><p>${said}</p></${Notice}>`}
    <${PagedTable} path="/codes" query=${asked} turn=${turn} label=${t('page.codes')} after=${after}
      columns=${columnsFor(user, name, isOpen, toggle)}
      empty=${html`<${Empty} title=${t('code.none')}>${t('code.none_how')}</${Empty}>`} />
  </main>`;
}
