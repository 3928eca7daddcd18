// Numbers of totes: one a line, typed or counted on from a first one.
import { html, useState } from '/vendor/preact.js';
import { Choice, Field, Input } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { t, word } from '../lib/text.js';
import { TOTES, numbersFrom, toteWrong } from './contents.js';

const MOST = 500;

export const numbersIn = (text) => text.split(/[\n,;，；]/).map((line) => line.trim()).filter(Boolean);

export function Totes({ tote, setTote }) {
  const [first, setFirst] = useState('');
  const [many, setMany] = useState('24');
  const [said, setSaid] = useState(null);
  // Why no series can begin so, in words.
  const refusal = () => {
    const wrong = toteWrong(first.trim(), tote.kind, true);
    if (wrong) return t('tote.wrong', { number: first.trim(), why: word('tote_wrong', wrong) });
    return /^[1-9]\d*$/.test(many.trim()) && Number(many) <= MOST ? null : t('tote.many_wrong', { most: MOST });
  };
  const fill = (event) => {
    event.preventDefault();
    const why = refusal();
    setSaid(why);
    if (why) return;
    const there = numbersIn(tote.text);
    const numbers = numbersFrom(first.trim(), Number(many), tote.kind);
    const added = numbers.filter((number) => !there.includes(number));
    setTote({ ...tote, text: [...there, ...added].join('\n') });
    if (added.length < numbers.length) setSaid(t('tote.there', { n: numbers.length - added.length }));
  };
  return html`<div class="stack">
    <form class="row end" onSubmit=${fill}>
      <${Choice} label=${t('tote.kind')} value=${tote.kind} onChange=${(kind) => setTote({ ...tote, kind })}
        options=${Object.keys(TOTES).map((kind) => [kind, t(`tote_kind.${kind}`)])} />
      <${Input} label=${t('tote.first')} name="first" value=${first} autocomplete="off" onText=${setFirst} />
      <${Input} label=${t('tote.many')} name="many" class="number" inputmode="numeric" value=${many} onText=${setMany} />
      <button disabled=${first.trim() === ''}>${t('tote.fill')}</button>
    </form>
    ${said && html`<${Notice} meaning="look"><p class="tote-said">${said}</p></${Notice}>`}
    <${Input} label=${t('tote.title')} name="title" value=${tote.title} maxlength="40"
      onText=${(title) => setTote({ ...tote, title })} />
    <${Field} label=${t('tote.numbers')} wide=${true}><textarea name="numbers" value=${tote.text}
      onInput=${(event) => setTote({ ...tote, text: event.target.value })} /></${Field}>
  </div>`;
}
