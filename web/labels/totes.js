// Numbers of totes: one a line, typed or counted on from a first one.
import { html, useState } from '/vendor/preact.js';
import { Choice, Field, Input } from '../parts/field.js';
import { t } from '../lib/text.js';
import { TOTES, numbersFrom } from './contents.js';

const MOST = 500;

export const numbersIn = (text) => text.split(/[\n,;，；]/).map((line) => line.trim()).filter(Boolean).slice(0, MOST);

export function Totes({ tote, setTote }) {
  const [first, setFirst] = useState('');
  const [many, setMany] = useState('24');
  const fill = (event) => {
    event.preventDefault();
    const numbers = numbersFrom(first.trim(), Math.min(Math.max(Math.floor(Number(many)) || 1, 1), MOST), tote.kind);
    setTote({ ...tote, text: [tote.text.trim(), ...numbers].filter(Boolean).join('\n') });
  };
  return html`<div class="stack">
    <form class="row end" onSubmit=${fill}>
      <${Choice} label=${t('tote.kind')} value=${tote.kind} onChange=${(kind) => setTote({ ...tote, kind })}
        options=${Object.keys(TOTES).map((kind) => [kind, t(`tote_kind.${kind}`)])} />
      <${Input} label=${t('tote.first')} name="first" value=${first} autocomplete="off" onText=${setFirst} />
      <${Input} label=${t('tote.many')} name="many" class="number" inputmode="numeric" value=${many} onText=${setMany} />
      <button disabled=${first.trim() === ''}>${t('tote.fill')}</button>
    </form>
    <${Input} label=${t('tote.title')} name="title" value=${tote.title} maxlength="40"
      onText=${(title) => setTote({ ...tote, title })} />
    <${Field} label=${t('tote.numbers')} wide=${true}><textarea name="numbers" value=${tote.text}
      onInput=${(event) => setTote({ ...tote, text: event.target.value })} /></${Field}>
  </div>`;
}
