// The last answer, readable from two metres, and the question it may ask.
import { html } from '/vendor/preact.js';
import { Icon } from '../parts/icon.js';
import { reasonText } from '../parts/notice.js';
import { productName } from '../parts/products.js';
import { codeText, count, expiryMeaning, expiryText } from '../lib/format.js';
import { currentLanguage, t, word } from '../lib/text.js';
import { codeOf, ssccOf } from './code.js';
import { isHalf, isUrgent, mayJoin, meaningOf, packageName, questionOf } from './question.js';
import { LotQuestion } from './ask_lot.js';
import { ProductQuestion } from './ask_product.js';
import { ReasonQuestion, SplitQuestion, StockLotQuestion } from './ask_short.js';
import { WhyQuestion } from './ask_why.js';
import { WholeQuestion } from './ask_whole.js';

const QUESTIONS = { lot: LotQuestion, product: ProductQuestion, split: SplitQuestion, stock_lot: StockLotQuestion, reason: ReasonQuestion };

function Facts({ result }) {
  return html`<p class="result-facts">
    ${result.lot && html`<span>${t('word.lot')} <b class="mono">${result.lot}</b></span>`}
    ${result.expiry
      && html`<span
        class=${expiryMeaning(result.expiry)}>${t('word.expiry')} <b>${expiryText(result.expiry)}</b></span>`}
    ${result.on_hand !== null && result.on_hand !== undefined
      && html`<span>${t('scan.left')} <b>${count(result.on_hand)}</b> ${t('unit.pack', { n: result.on_hand })}</span>`}
    ${result.joined && html`<span class="soft">${t('scan.joined')}</span>`}
  </p>`;
}

// What moved with a case or pallet of several lots.
function Contents({ contents }) {
  return html`<ul class="result-contents">${contents.map((part) => html`<li key=${part.movement_id}>
    <span class="grow">${productName(part.product.id, part.product.name)}</span>
    <span class="mono">${part.lot}</span> <span class=${expiryMeaning(part.expiry)}>${expiryText(part.expiry)}</span>
    <b>×${count(part.quantity)}</b></li>`)}</ul>`;
}

function Title({ entry, trouble, advice }) {
  const { result, request } = entry;
  const quantity = result?.quantity ?? request.quantity;
  const printed = result?.product?.name ?? ''; // on the pack
  const name = productName(result?.product?.id, printed);
  return html`<div class="result-title">
    <span class="result-mark"><${Icon} name=${entry.undone ? 'undo' : meaningOf(entry)} /></span>
    <div class="grow">
      <p class="result-outcome">${entry.undone ? t('scan.is_undone') : outcomeText(entry, trouble)}</p>
      ${advice ? html`<h2 class="result-name result-advice">${advice}</h2><p class="soft mono">${codeText(codeOf(request))}</p>`
        : html`<h2 class="result-name">${name || packageName(result)
          || html`<span class="mono">${codeText(codeOf(request))}</span>`}</h2>`}
      ${name !== printed && html`<p class="soft" lang="zh">${printed}</p>`}
    </div>
    <span class="result-quantity">${entry.times > 1
      && html`<small>${t('scan.times', { n: entry.times })}</small>`}×${quantity}</span>
  </div>`;
}

function outcomeText({ result, request }, trouble) {
  if (!result) return trouble ? t(`kept.${trouble}`) : t('scan.sending');
  if (result.outcome === 'posted' || result.outcome === 'replayed') return t(`scan.done_${request.movement}`);
  return word('outcome', result.outcome);
}

export function Result({ desk, done }) {
  if (desk.offer && desk.shipments.current()) return html`<${WholeQuestion} desk=${desk} done=${done} />`;
  const entry = desk.entries[0];
  if (desk.mode === 'write_off' && !desk.reason) {
    return html`<section class="result look" data-number=${entry?.number ?? 0} role="status" aria-live="assertive">
      <${WhyQuestion} desk=${desk} done=${done} /></section>`;
  }
  if (desk.said || !entry || entry.id === desk.cleared) {
    return html`<section class="result idle ${desk.said ? 'said' : ''}" data-number=${entry?.number ?? 0} role="status" aria-live="assertive">
      <p class="result-name">${desk.said && html`<${Icon} name="undo" /> `}${desk.said ?? t('scan.ready')}</p>
      ${!desk.said && html`<p class="soft">${t(`scan.ready_${desk.mode}`)}</p>`}</section>`;
  }
  const { result } = entry;
  const isEnglish = currentLanguage() === 'en';
  const advice = adviceFor(entry);
  const question = desk.asking ? questionOf(entry, desk.shipments.current()) : null;
  const Question = question && QUESTIONS[question.kind];
  return html`<section class="result ${entry.undone ? 'idle' : meaningOf(entry)}" role="status" aria-live="assertive"
    data-number=${entry.number} data-outcome=${result?.outcome ?? 'waiting'}>
    <${Title} entry=${entry} trouble=${desk.line.trouble} advice=${advice} />
    ${result && html`<${Facts} result=${result} />`}
    ${result?.contents?.length > 1 && html`<${Contents} contents=${result.contents} />`}
    ${result?.problem && !advice && html`<div><p class="result-problem">${reasonText(result.problem)}
      ${' '}<span class="soft">${nextStep(result.problem.code)}</span></p>
      ${isEnglish && /\d/.test(result.problem.detail ?? '')
        && html`<p class="soft small">${result.problem.detail}</p>`}</div>`}
    ${(result?.warnings ?? []).map((one) => html`<p key=${one.code}
      class="result-warning ${isUrgent(one) ? 'look' : 'soft'}">
      ${isUrgent(one) && html`<${Icon} name="look" /> `}${word('warning', one.code)}${' '}${datesIn(one.detail)}</p>`)}
    ${Question
      && html`<${Question} key=${`${entry.id}${question.kind}`} desk=${desk} entry=${entry} question=${question}
        done=${done} />`}
  </section>`;
}

// What to scan next, where the answer is about the code itself.
function adviceFor(entry) {
  const { result, request } = entry;
  if (result?.outcome !== 'held' || entry.undone) return null;
  if (isHalf(entry)) return mayJoin(entry) ? t('scan.other_code', { n: result.problem.waits }) : t('scan.other_late');
  return result.problem.code === 'unknown_code' && ssccOf(codeOf(request)) ? t('scan.unknown_package') : null;
}

// The page's own words say what to do. Of the service's English sentence it keeps
// what they cannot know: a problem's figures, a warning's dates.
const datesIn = (detail) => ((detail ?? '').match(/\d{4}-\d{2}-\d{2}/g) ?? []).map(expiryText).join(' ');

function nextStep(code) {
  const text = word('next', code);
  return text === code ? '' : text;
}
