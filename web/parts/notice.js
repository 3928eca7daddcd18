// What happened, in words, with its meaning: done, look, stopped.
import { html } from '/vendor/preact.js';
import { Icon } from './icon.js';
import { currentLanguage, hasWord, t, word } from '../lib/text.js';

export function Notice({ meaning = 'look', children }) {
  return html`<div class="notice ${meaning}" role=${meaning === 'stopped' ? 'alert' : 'status'}>
    <${Icon} name=${meaning} /><div>${children}</div></div>`;
}

// Details that name what is wrong rather than tell of it.
const NAMING = ['lines_refused', 'invalid_member', 'missing_member'];

// Why, in the reader's words: the narrower reason where the answer has one.
export const reasonText = ({ code, why }) => (code === 'needs_review' && hasWord('why', why) ? word('why', why)
  : hasWord('problem', code) ? word('problem', code) : word('why', code));

// The same with the service's own sentence behind it, which is English.
export function problemText(code, detail, why) {
  const text = reasonText({ code, why });
  const isRead = currentLanguage() === 'en' || NAMING.includes(code);
  return detail && isRead && detail !== text ? `${text} ${t('problem.detail', { detail })}` : text;
}

// An error of a call: what happened, whether anything was saved, what to do next.
export function Problem({ error, retry }) {
  if (!error) return null;
  if (error.status === 429 && error.retryAfter) {
    return html`<${Notice} meaning="stopped"><p>${t('error.wait', { n: error.retryAfter })}</p></${Notice}>`;
  }
  const saved = error.status >= 400 && error.status < 500 ? t('error.nothing_saved') : t('error.not_known');
  return html`<${Notice} meaning="stopped">
    <p>${problemText(error.code, error.detail)} <span class="soft">${saved}</span></p>
    ${retry && html`<button class="quiet" onClick=${retry}>${t('act.again')}</button>`}
  </${Notice}>`;
}

export function Badge({ meaning = '', children }) {
  const icon = ['done', 'look', 'stopped', 'waiting'].includes(meaning);
  return html`<span class="badge ${meaning}">${icon && html`<${Icon} name=${meaning} />`}${children}</span>`;
}

export function Empty({ title, children }) {
  return html`<div class="empty"><strong>${title}</strong><p>${children}</p></div>`;
}
