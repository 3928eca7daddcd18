// "Why are these written off?" — asked before the first scan, and it holds for all
// until the mode is left. What is chosen goes out as a word, for readers of any language.
import { html, useState } from '/vendor/preact.js';
import { Input } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { t, word } from '../lib/text.js';
import { useAnswerFocus } from './scan_field.js';

const REASONS = ['expired', 'damaged', 'recalled', 'lost'];

export function WhyQuestion({ desk, done }) {
  const [text, setText] = useState('');
  const input = useAnswerFocus(true, [desk.early]);
  const choose = (reason) => { desk.change({ reason, early: 0 }); done(); };
  const submit = (event) => {
    event.preventDefault();
    const reason = /^\d$/.test(text) ? REASONS[Number(text) - 1] : text.trim();
    if (reason) choose(reason);
  };
  return html`<form class="question" onSubmit=${submit}>
    <h3>${t('write_off.title')}</h3>
    ${desk.early > 0 && html`<${Notice} meaning="stopped"><p>${t('write_off.early')}</p></${Notice}>`}
    <div class="choices">${REASONS.map((reason, n) => html`<button type="button" key=${reason}
      onClick=${() => choose(reason)}><kbd>${n + 1}</kbd> ${word('reason', reason)}</button>`)}</div>
    <div class="row end">
      <${Input} label=${t('ask.other_reason')} wide=${true} inputRef=${input} name="why" maxlength="500" value=${text}
        autocomplete="off" onText=${setText} />
      <button class="primary" disabled=${text.trim() === ''}>${t('write_off.go_on')} <kbd>Enter</kbd></button>
    </div>
  </form>`;
}
