// Log-in. The made-up district says its log-ins; a real one never does.
import { html, useEffect, useRef, useState } from '/vendor/preact.js';
import { Input } from './parts/field.js';
import { Notice, Problem } from './parts/notice.js';
import { WaitingOfOthers } from './parts/waiting_scans.js';
import { isDemo, signIn } from './lib/api.js';
import { useAct } from './lib/load.js';
import { switchLanguage, t, word } from './lib/text.js';
import { isCodeLike, SHORTEST_SCAN } from './lib/wedge.js';

const EMPTY = { username: '', password: '' };
const isPack = (text) => text.length > SHORTEST_SCAN && isCodeLike(text); // eight digits may be anything
const DEMO = ['clerk', 'supplier', 'manager', 'admin'];

function DemoLogins({ onChoose, busy }) {
  return html`<section class="stack">
    <p class="small soft">${t('login.demo')}</p>
    <div class="demo-logins">${DEMO.map((login) => html`<button type="button" key=${login} disabled=${busy}
      onClick=${() => onChoose(login)}>
      ${word('role', login)}<small class="mono">${login} / demo</small></button>`)}</div>
  </section>`;
}

export function Login({ onUser, children }) {
  const [form, setForm] = useState(EMPTY);
  const [isScan, setScan] = useState(false);
  const [demo, setDemo] = useState(false);
  const first = useRef(null);
  const act = useAct();
  const enter = (username, password) => act.run(async () => { onUser(await signIn(username, password)); });
  const change = (name) => (value) => setForm({ ...form, [name]: value });
  // A pack's code is no password: it must not count as a failed try. Where a password
  // is given too, such a name may be a person's.
  const submit = (event) => {
    event.preventDefault();
    const wasScan = isPack(form.password) || (form.password === '' && isPack(form.username));
    const empty = wasScan || form.username === '' ? 'username' : form.password === '' && 'password';
    setScan(wasScan);
    if (wasScan) setForm(EMPTY);
    if (empty) event.target.elements[empty].focus();
    else enter(form.username, form.password);
  };
  useEffect(() => { first.current.focus(); isDemo().then(setDemo); }, []);

  return html`<main class="login" id="main"><div class="panel login-card">
    <div class="brand"><img src="/icon.svg" alt="" />
      <div><h1>${t('brand')}</h1><p class="soft small">${t('login.what')}</p></div></div>
    ${children}
    <${WaitingOfOthers} />
    <form class="stack" noValidate onSubmit=${submit}>
      ${isScan && html`<${Notice} meaning="look"><p class="scan-at-login">${t('login.scan')}</p></${Notice}>`}
      <${Input} label=${t('login.username')} inputRef=${first} name="username" autocomplete="username" required
        value=${form.username} onText=${change('username')} />
      <${Input} label=${t('login.password')} name="password" type="password" autocomplete="current-password" required
        value=${form.password} onText=${change('password')} />
      <button class="primary" disabled=${act.busy}>${t('login.enter')}</button>
      <${Problem} error=${act.error} />
    </form>
    ${demo && html`<${DemoLogins} busy=${act.busy} onChoose=${(login) => enter(login, 'demo')} />`}
    <button class="quiet" onClick=${switchLanguage} lang=${t('other_language_code')}>${t('other_language')}</button>
  </div></main>`;
}
