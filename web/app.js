// Who is signed in decides which pages there are; the address decides which one
// is shown. Pages of one role are loaded only for that role.
import { html, useCallback, useEffect, useState } from '/vendor/preact.js';
import { Login } from './login.js';
import { Roof } from './roof.js';
import { Notice, Problem } from './parts/notice.js';
import { forgetPharmacies } from './parts/pharmacies.js';
import { useNames } from './parts/products.js';
import { onSignedOut, rememberedUser, signOut, whoAmI } from './lib/api.js';
import { useRoute } from './lib/router.js';
import { startTypingAhead, takeTypedAhead } from './lib/typing.js';
import { currentLanguage, onLanguage, t } from './lib/text.js';
import { pagesOf } from './pages.js';

// The line is down, or the service has another version by now.
function NotLoaded() {
  useEffect(() => { takeTypedAhead(); }, []); // Enter is for the button
  return html`<main class="page" id="main"><${Notice} meaning="stopped"><p>${t('page.not_loaded')}</p>
    <button class="quiet" onClick=${() => location.reload()}>${t('act.reload')}</button></${Notice}></main>`;
}

// Loads the module of a page when it is first wanted.
function usePage(page) {
  const [loaded, setLoaded] = useState({ page: null, View: null });
  useEffect(() => {
    let current = true;
    page?.load().catch(() => NotLoaded).then((View) => current && setLoaded({ page, View }));
    return () => { current = false; };
  }, [page]);
  return loaded.page === page ? loaded.View : null;
}

function useLanguage() {
  const [language, setLanguage] = useState(currentLanguage());
  useEffect(() => onLanguage(setLanguage), []);
  return language;
}

function Signed({ user, language, onLeave }) {
  const route = useRoute();
  useNames(); // every name on the page is drawn again when they come
  const [line, setLine] = useState(null); // the scan page reports how its sending goes
  const onLine = useCallback((state) => setLine(state), []);
  const pages = pagesOf(user.role);
  const page = pages.find((one) => one.name === route.parts[0]) ?? pages[0];
  const View = usePage(page);
  useEffect(() => { if (View && page.name !== 'scan') takeTypedAhead(); }, [View]); // no other page takes scans
  useEffect(() => { document.title = `${t(`page.${page.name}`)} · ${t('brand')}`; }, [page, language]);
  return html`<${Roof} user=${user} pages=${pages} here=${page} line=${line} onLeave=${onLeave} />
    ${View ? html`<${View} key=${page.name} user=${user} route=${route} onLine=${onLine}
      onLeave=${onLeave} />`
      : html`<main class="page" id="main"><span class="skeleton">${t('list.loading')}</span></main>`}`;
}

export function App() {
  const language = useLanguage();
  const [state, setState] = useState({ user: undefined, error: null, expired: false });
  // Keys count from this moment, though the page is not there yet.
  const enter = (user) => {
    if (user) startTypingAhead();
    setState({ user, error: null, expired: false });
  };
  const ask = () => whoAmI().then(
    enter,
    async (error) => {
      const user = await rememberedUser();
      if (user) enter(user);
      else setState({ user: undefined, error, expired: false });
    },
  );
  useEffect(() => { ask(); }, []);
  // The session may be over, or another window's log-in has taken its place.
  useEffect(() => onSignedOut(() => whoAmI().then((user) => setState((old) => ({
    user: user && user.account === old.user?.account ? old.user : user,
    error: null, expired: !user && (Boolean(old.user) || old.expired),
  })), () => null)), []);
  useEffect(() => { if (!state.user) document.title = `${t('page.login')} · ${t('brand')}`; }, [state.user, language]);

  const leave = async () => {
    forgetPharmacies();
    takeTypedAhead();
    await signOut();
    setState({ user: null, error: null, expired: false });
    history.replaceState(null, '', '#/');
  };
  if (state.error) return html`<main class="page" id="main"><${Problem} error=${state.error} retry=${ask} /></main>`;
  if (state.user === undefined) return null;
  if (state.user === null) {
    return html`<${Login} onUser=${enter}>
      ${state.expired && html`<${Notice} meaning="look"><p>${t('login.expired')}</p></${Notice}>`}
    </${Login}>`;
  }
  return html`<${Signed} key=${state.user.account} user=${state.user} language=${language} onLeave=${leave} />`;
}
