// "Why are these written off?" — asked before the first scan, and it holds for all
// until the mode is left.
import { html, useState } from '/vendor/preact.js';
import { Input } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { t } from '../lib/text.js';
import { useAnswerFocus } from './scan_field.js';

export function WhyQuestion({ desk, done }) {
  const [text, setText] = useState('');
  const input = useAnswerFocus(true, [desk.early]);
  const reasons = [t('why.expired'), t('why.damaged'), t('why.recalled'), t('why.lost')];
  const choose = (reason) => { desk.change({ reason, early: 0 }); done(); };
  const submit = (event) => {
    event.preventDefault();
    const reason = /^\d$/.test(text) ? reasons[Number(text) - 1] : text.trim();
    if (reason) choose(reason);
  };
  return html`<form class="question" onSubmit=${submit}>
    <h3>${t('why.title')}</h3>
    ${desk.early > 0 && html`<${Notice} meaning="stopped"><p>${t('why.early')}</p></${Notice}>`}
    <div class="choices">${reasons.map((reason, n) => html`<button type="button" key=${reason}
      onClick=${() => choose(reason)}><kbd>${n + 1}</kbd> ${reason}</button>`)}</div>
    <div class="row end">
      <${Input} label=${t('ask.other_reason')} wide=${true} inputRef=${input} name="why" maxlength="500" value=${text}
        autocomplete="off" onText=${setText} />
      <button class="primary" disabled=${text.trim() === ''}>${t('why.go_on')} <kbd>Enter</kbd></button>
    </div>
  </form>`;
}
