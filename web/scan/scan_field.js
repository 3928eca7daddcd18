// The field that is always ready, with the quantity of the next scan beside it.
import { html, useEffect, useRef } from '/vendor/preact.js';
import { Icon } from '../parts/icon.js';
import { Notice } from '../parts/notice.js';
import { t } from '../lib/text.js';
import { starred } from './code.js';

// Gives the focus to where a question is answered, unless something is being typed in
// the scan field, or the question is one that a reload shows again.
export function useAnswerFocus(isWanted, needs = []) {
  const place = useRef(null);
  useEffect(() => {
    if (isWanted && !document.querySelector('.scan-input')?.value) place.current?.focus();
  }, needs);
  return place;
}

export function ScanField({ desk, field }) {
  // `5*` sets the quantity as soon as the star is typed.
  const typed = (event) => {
    const quantity = starred(event.target.value);
    if (!quantity) return;
    event.target.value = '';
    desk.change({ quantity });
  };
  return html`<div class="tight">
    <div class="scan-field">
      <${Icon} name="scan" />
      <input ref=${field} class="scan-input" aria-label=${t('scan.field')} placeholder=${t('scan.placeholder')}
        autocomplete="off" autocapitalize="off" autocorrect="off" inputmode="text" spellcheck=${false} lang="en" enterkeyhint="done"
        onInput=${typed} onCompositionEnd=${() => desk.change({ ime: true })} />
      <output class="quantity ${desk.quantity > 1 ? 'set' : ''}"
        aria-label=${t('scan.quantity')}>×${desk.quantity}</output>
    </div>
    <p class="soft small scan-hint">${t('scan.hint')}</p>
    ${desk.doubt && html`<${Notice} meaning="look"><p class="doubt">${t(`scan.doubt_${desk.doubt}`)}</p></${Notice}>`}
    ${desk.ime && html`<${Notice} meaning="look"><p class="ime">${t('scan.ime')}</p></${Notice}>`}
  </div>`;
}
