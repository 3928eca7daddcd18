// Setting up a scanner: one test symbol is scanned, what arrives is compared byte
// by byte, and the service keeps what it can put right. Words say the rest.
import { html, useEffect, useRef, useState } from '/vendor/preact.js';
import { Icon } from '../parts/icon.js';
import { Badge, Notice, Problem } from '../parts/notice.js';
import { address, getAll, post, put, remove } from '../lib/api.js';
import { base64 } from '../lib/base64.js';
import { useAct, useLoad } from '../lib/load.js';
import { linkTo } from '../lib/router.js';
import { t, word } from '../lib/text.js';
import { workstation } from '../lib/workstation.js';
import { align, shown } from './align.js';
import { ByteCatcher } from './key_bytes.js';

const CONTENT = '[01]09501101530003[17]271231[10]aB-1/x_9[21]Zz0';
const arrived = (text) => ({ arrived_base64: base64(new TextEncoder().encode(text)) });
const label = (format) => address('/labels', { symbology: 'gs1-datamatrix', format, content: CONTENT, dpi: 300 });
const PARTS = ['prefix', 'suffix', 'separator', 'fault'];
const MEANING = { profile: 'done', advice: 'look', held: 'look', device: 'stopped' };

// Only the browser sees how keys are pressed: what it saw comes before what the bytes say.
function keyFindings(scan) {
  const seen = [];
  if (scan.ime) seen.push({ code: 'ime', remedy: 'device' });
  if (scan.alt) seen.push({ code: 'alt_digits', remedy: 'device' });
  if (scan.dead) seen.push({ code: 'dead_key', remedy: 'device' });
  return seen;
}

// The bytes' findings, as they count on a page that scans come to by keyboard.
function pageFindings(scan, answer) {
  const seen = keyFindings(scan);
  const rest = (answer?.findings ?? []).filter((one) => !seen.some((key) => key.code === one.code)).map((one) => {
    if (one.code === 'no_end') return { ...one, remedy: 'device' };
    if (one.code === 'case_swapped' && scan.caps) return { ...one, code: 'caps_lock', remedy: 'device' };
    return one;
  });
  return [...seen, ...rest];
}

const sameProfile = (a, b) => PARTS.every((part) => a[part] === b[part]);
const partText = (part, value) => (part === 'fault' ? word('fault', value)
  : value === '' ? t(part === 'separator' ? 'setup.gs_itself' : 'setup.nothing') : [...value].map(shown).join(' '));

function TestSymbol() {
  return html`<figure class="test-symbol">
    <img src=${label('svg')} alt=${t('setup.symbol')} />
    <figcaption class="small soft">${t('setup.symbol_how')}</figcaption>
  </figure>`;
}

// What should have come above, what came below; a line end of either kind is right.
function Bytes({ expected, text }) {
  const end = /[\r\n\t]*$/.exec(text)[0] || '\r';
  const pairs = align(expected + end, text);
  return html`<div class="stack">
    <p class="small soft">${t('setup.bytes_how')}</p>
    <ol class="bytes mono" aria-label=${t('setup.bytes')}>${pairs.map(([want, got], n) => html`<li key=${n}
      class=${want === got ? '' : 'differs'}><span>${want === null ? '·' : shown(want)}</span>
      <span>${got === null ? '·' : shown(got)}</span></li>`)}</ol>
  </div>`;
}

function Findings({ list }) {
  return html`<ul class="setup-findings">${list.map((one) => html`<li key=${one.code}>
    <p><b>${word('finding', one.code)}</b> <${Badge} meaning=${MEANING[one.remedy]}>${word('remedy', one.remedy)}</${Badge}></p>
    <p>${word('finding_do', one.code)}</p></li>`)}</ul>`;
}

function ProfileFacts({ profile }) {
  return html`<dl class="facts">${PARTS.map((part) => html`<div key=${part}><dt>${word('profile', part)}</dt>
    <dd>${partText(part, profile[part])}</dd></div>`)}</dl>`;
}

// One sentence on what came: does it read, now or with the profile, or what must be done?
function verdict(state) {
  const { findings, answer, proof } = state;
  if (findings.some((one) => one.remedy === 'device')) return ['stopped', 'setup.change_scanner'];
  if (proof === false) return ['stopped', 'setup.not_proved'];
  if (!answer.exact) return ['look', proof ? 'setup.proved_held' : 'setup.held'];
  if (proof) return ['done', 'setup.proved'];
  return ['done', findings.some((one) => one.remedy === 'profile') ? 'setup.mended' : 'setup.exact'];
}

function Result({ state, act, onUse }) {
  const place = useRef(null);
  useEffect(() => place.current.scrollIntoView({ block: 'nearest' }), [state]);
  const { scan, answer, findings, proof } = state;
  const [meaning, key] = verdict(state);
  const isUsable = meaning !== 'stopped' && !proof;
  return html`<section class="panel stack" aria-live="polite" ref=${place}>
    <h2>${t('setup.arrived')}</h2>
    <div data-verdict=${key}><${Notice} meaning=${meaning}><p>${t(key)}</p></${Notice}></div>
    ${findings.length > 0 && html`<${Findings} list=${findings} />`}
    ${isUsable && html`<button class="primary" name="use" disabled=${act.busy} onClick=${onUse}>
      <${Icon} name="done" /> ${t('setup.use')}</button>`}
    <${Problem} error=${act.error} />
    ${answer?.usable && html`<${ProfileFacts} profile=${answer.profile} />`}
    ${answer && scan.text && html`<${Bytes} expected=${answer.expected} text=${scan.text} />`}
  </section>`;
}

function Kept({ row, act, onForget }) {
  if (!row) return html`<p class="soft">${t('setup.none_kept')}</p>`;
  return html`<div class="stack"><h3>${t('setup.kept')}</h3><${ProfileFacts} profile=${row} />
    <div><button name="forget" disabled=${act.busy} onClick=${onForget}>${t('setup.forget')}</button></div></div>`;
}

export function SetupPage() {
  const { name } = workstation();
  const [count, setCount] = useState(0);
  const [state, setState] = useState(null); // {scan, answer, findings, proof}
  const [isProving, setProving] = useState(false); // the profile has been kept; the next scan proves it
  const act = useAct();
  const { data, error, reload } = useLoad((signal) => getAll('/workstations', {}, { signal }), []);
  const row = data?.items.find((one) => one.name === name);

  const judge = (scan) => act.run(async () => {
    const answer = scan.text ? await post('/workstations/derive', arrived(scan.text)) : null;
    const proof = isProving && row && answer ? answer.usable && sameProfile(answer.profile, row) : null;
    setState({ scan, answer, findings: pageFindings(scan, answer), proof });
  });
  const use = () => act.run(async () => {
    await put('/workstations', { name, ...arrived(state.scan.text) });
    setState(null);
    setProving(true);
    reload();
    scrollTo(0, 0); // to the symbol
  });
  const forget = () => act.run(async () => {
    await remove(`/workstations/${encodeURIComponent(name)}`);
    setState(null);
    setProving(false);
    reload();
  });

  // The catcher lives as long as the page; it reads the newest function here.
  const live = useRef({});
  live.current = { judge };
  useEffect(() => new ByteCatcher({
    onScan: (scan) => live.current.judge(scan),
    onKey: setCount,
  }).start(), []);

  return html`<main class="page setup" id="main">
    <h1>${t('page.setup')}</h1>
    <div class="halves">
      <section class="panel stack">
        <p>${t('setup.what')}</p>
        <${TestSymbol} />
        <p role="status" class="setup-step">${count > 0 ? t('setup.coming', { n: count })
          : t(isProving ? 'setup.scan_again' : 'setup.scan_now')}</p>
        <div class="row no-print"><a class="button" href=${label('png')} target="_blank" rel="noopener">${t('setup.print')}</a></div>
        <div class="no-print stack">
          <p>${t('setup.workstation')} <b>${name}</b> · <a href=${linkTo('/scan', { side: 'workstation' })}>${t('setup.rename')}</a></p>
          <${Problem} error=${error} retry=${reload} />
          <${Kept} row=${row} act=${act} onForget=${forget} />
        </div>
      </section>
      ${state ? html`<${Result} state=${state} act=${act} onUse=${use} />`
        : html`<section class="panel stack no-print"><h2>${t('setup.right')}</h2>
          ${isProving && html`<${Notice} meaning="done"><p>${t('setup.saved')}</p></${Notice}>`}
          <${Problem} error=${act.error} />
          <ul class="setup-right">${['aim', 'gs', 'end', 'layout', 'caps', 'ime'].map((one) => html`<li
            key=${one}>${t(`setup_right.${one}`)}</li>`)}</ul></section>`}
    </div>
  </main>`;
}
