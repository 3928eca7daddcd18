// The top of every page: whose shelf this is, where one can go, and on the scan
// page whether scans arrive.
import { html, useEffect, useReducer, useRef } from '/vendor/preact.js';
import { Badge } from './parts/notice.js';
import { usePharmacies } from './parts/pharmacies.js';
import { now } from './lib/clock.js';
import { age } from './lib/format.js';
import { changeQuery } from './lib/router.js';
import { switchLanguage, t } from './lib/text.js';

const DAY = 86_400_000;

// Grey while scans wait, amber when the oldest is over a day old, red over three.
function lineMeaning(line) {
  const days = line.waiting > 0 ? (now() - Date.parse(line.oldest)) / DAY : 0;
  if (days > 3) return 'stopped';
  if (days > 1) return 'look';
  return line.waiting > 0 || line.trouble ? 'waiting' : 'done';
}

// Opens the list of what waits.
function Line({ line }) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(redraw, 60_000); // scans grow old
    return () => clearInterval(timer);
  }, []);
  const meaning = lineMeaning(line);
  const isOld = meaning === 'look' || meaning === 'stopped';
  return html`<button class="line" title=${t('line.show')} onClick=${() => changeQuery({ side: 'waiting' })}>
    <span role="status"><${Badge} meaning=${meaning}>${line.trouble ? t(`line.${line.trouble}`) : t('line.online')}<span
      class=${line.waiting > 0 ? '' : 'none-waiting'}> · ${t('line.waiting', { n: line.waiting })}</span>${isOld
      && html`<span> · ${t('line.oldest', { age: age(line.oldest) })}</span>`}</${Badge}></span></button>`;
}

// The address is the page's, so the link moves the focus instead.
function skip(event) {
  event.preventDefault();
  document.querySelector('#main input, #main button, #main a')?.focus();
}

export function Roof({ user, pages, here, line, onLeave }) {
  const { name } = usePharmacies();
  const nav = useRef(null);
  // On a telephone the ways are wider than the screen: the present one is brought into sight.
  useEffect(() => {
    nav.current.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [here]);
  const place = user.pharmacy_id
    ? name(user.pharmacy_id) : t(user.role === 'supplier' ? 'roof.supplier' : 'roof.district');
  return html`<header class="roof">
    <a class="skip" href="#main" onClick=${skip}>${t('roof.skip')}</a>
    <div class="brand"><img src="/icon.svg" alt="" /><span>${place}</span></div>
    <nav ref=${nav} aria-label=${t('roof.pages')}>${pages.map((page) => html`<a key=${page.name} href=${`#/${page.name}`}
      aria-current=${page === here ? 'page' : undefined}>${t(`page.${page.name}`)}</a>`)}</nav>
    <div class="who">
      ${line && html`<${Line} line=${line} />`}
      <span class="name">${user.name}</span>
      <button onClick=${switchLanguage} lang=${t('other_language_code')}>${t('other_language')}</button>
      <button onClick=${onLeave}>${t('act.sign_out')}</button>
    </div>
  </header>`;
}
