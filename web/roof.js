// The top of every page: whose shelf this is, where one can go, and whether scans arrive:
// the scan page sends them and knows; elsewhere the disk says how many wait for it.
import { html, useEffect, useLayoutEffect, useReducer, useRef, useState } from '/vendor/preact.js';
import { Badge, Notice } from './parts/notice.js';
import { usePharmacies } from './parts/pharmacies.js';
import { now } from './lib/clock.js';
import { age } from './lib/format.js';
import { isReady } from './lib/api.js';
import { linkTo } from './lib/router.js';
import { ScanQueue } from './lib/scan_queue.js';
import { switchLanguage, t } from './lib/text.js';

const DAY = 86_400_000;
const MANY = 8; // ways that want a row of their own

// Grey while scans wait, amber when the oldest is over a day old, red over three.
function lineMeaning(line) {
  const days = line.waiting > 0 ? (now() - Date.parse(line.oldest)) / DAY : 0;
  if (days > 3) return 'stopped';
  if (days > 1) return 'look';
  return line.waiting > 0 || line.trouble ? 'waiting' : 'done';
}

// What waits on this computer while no scan page is open: {waiting, oldest}.
function useKept(user, isWanted) {
  const [kept, setKept] = useState(null);
  useEffect(() => {
    if (!isWanted) return setKept(null);
    const read = () => queue.waiting().then((records) => setKept({ trouble: null, waiting: records.length,
      oldest: records[0]?.request.scanned_at ?? null }), () => setKept(null));
    const queue = new ScanQueue(user, read); // another window may send them
    read();
    return () => queue.close();
  }, [user.account, isWanted]);
  return kept;
}

const stateText = (line, isSending) => (line.trouble ? t(`line.${line.trouble}`) : isSending && t('line.online'));

// Opens the list of what waits.
function Line({ line, isSending }) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(redraw, 60_000); // scans grow old
    return () => clearInterval(timer);
  }, []);
  const meaning = lineMeaning(line);
  const state = stateText(line, isSending);
  const isOld = meaning === 'look' || meaning === 'stopped';
  return html`<a class="button line ${meaning === 'done' ? 'quiet' : ''}" title=${t(isSending ? 'line.show' : 'line.there')} href=${linkTo('/scan', { side: 'waiting' })}>
    <span role="status"><${Badge} meaning=${meaning}>${state && html`<span class="line-state">${state}</span>`}<span
      class=${line.waiting > 0 ? '' : 'none-waiting'}>${state && ' · '}${t('line.waiting', { n: line.waiting })}</span>${isOld
      && html`<span> · ${t('line.oldest', { age: age(line.oldest) })}</span>`}</${Badge}></span></a>`;
}

// The address is the page's, so the link moves the focus instead.
function skip(event) {
  event.preventDefault();
  document.querySelector('#main input, #main button, #main a')?.focus();
}

// Without the line nobody can log in again, so who presses the button by habit is asked.
function useLeaving(onLeave) {
  const [isAsked, setAsked] = useState(false);
  const leave = async () => { if (await isReady()) onLeave(); else setAsked(true); };
  const stay = () => {
    setAsked(false);
    document.querySelector('.scan-input')?.focus();
  };
  return { isAsked, leave, stay };
}

function LeaveQuestion({ waiting, onLeave, onStay }) {
  const stay = useRef(null);
  useLayoutEffect(() => stay.current.focus(), []); // before a second Enter
  return html`<div class="leave-question"><${Notice} meaning="stopped"><p>${t('leave.no_line')}${' '}
    ${waiting > 0 && t('leave.waiting', { n: waiting })}</p>
    <div class="row"><button class="primary" ref=${stay} onClick=${onStay}>${t('leave.stay')}</button>
      <button class="stop" onClick=${onLeave}>${t('leave.go')}</button></div></${Notice}></div>`;
}

export function Roof({ user, pages, here, line, onLeave }) {
  const { name } = usePharmacies();
  const kept = useKept(user, !line && here.name !== 'scan' && pages.some((one) => one.name === 'scan'));
  const leaving = useLeaving(onLeave);
  const nav = useRef(null);
  // On a telephone the ways are wider than the screen: the present one is brought into sight.
  useEffect(() => {
    nav.current.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [here]);
  const place = user.pharmacy_id
    ? name(user.pharmacy_id) : t(user.role === 'supplier' ? 'roof.supplier' : 'roof.district');
  return html`<header class="roof ${pages.length > MANY ? 'many' : ''}">
    <a class="skip" href="#main" onClick=${skip}>${t('roof.skip')}</a>
    <div class="brand"><img src="/icon.svg" alt="" /><span>${place}</span></div>
    <nav ref=${nav} aria-label=${t('roof.pages')}>${pages.map((page) => html`<a key=${page.name} href=${`#/${page.name}`}
      aria-current=${page === here ? 'page' : undefined}>${t(`page.${page.name}`)}</a>`)}</nav>
    <div class="who">
      ${(line ?? kept) && html`<${Line} line=${line ?? kept} isSending=${Boolean(line)} />`}
      <span class="name">${user.name}</span>
      <button onClick=${switchLanguage} lang=${t('other_language_code')}>${t('other_language')}</button>
      <button onClick=${leaving.leave}>${t('act.sign_out')}</button>
    </div>
    ${leaving.isAsked && html`<${LeaveQuestion} waiting=${(line ?? kept)?.waiting ?? 0} onLeave=${onLeave}
      onStay=${leaving.stay} />`}
  </header>`;
}
