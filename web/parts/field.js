// A labelled control. The label wraps it, so a tap on the words works too.
import { html } from '/vendor/preact.js';

export function Field({ label, wide, children }) {
  return html`<label class="field ${wide ? 'wide' : ''}"><span>${label}</span>${children}</label>`;
}

// A line of text; what else an input takes is passed on to it.
export function Input({ label, wide, inputRef, onText, ...rest }) {
  return html`<${Field} label=${label} wide=${wide}>
    <input ...${rest} ref=${inputRef} onInput=${(event) => onText(event.target.value)} /></${Field}>`;
}

export function Check({ label, small, checked, onCheck }) {
  return html`<label class="check ${small ? 'small' : ''}">
    <input type="checkbox" checked=${checked} onChange=${(event) => onCheck(event.target.checked)} />${label}</label>`;
}

export function Choice({ label, value, options, onChange, wide }) {
  return html`<${Field} label=${label} wide=${wide}>
    <select value=${value ?? ''} onChange=${(event) => onChange(event.target.value)}>
      ${options.map(([key,
        text]) => html`<option key=${key} value=${key}
          selected=${String(key) === String(value ?? '')}>${text}</option>`)}
    </select>
  </${Field}>`;
}
