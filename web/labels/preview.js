// The sheets as they will be printed, in millimetres. A symbol is never scaled: one that does
// not fit its label is left out and said, and so are words that have no room.
import { html, useEffect, useLayoutEffect, useRef } from '/vendor/preact.js';
import { Icon } from '../parts/icon.js';
import { reasonText } from '../parts/notice.js';
import { t, word } from '../lib/text.js';
import { keyOf } from './symbols.js';

// [mm of letters, whether lines close up], where the usual ones have no room.
const SMALLER = [[2.3, false], [2, false], [2.3, true], [2, true], [1.8, true]];
const EDGE = 1; // mm kept free above and below a symbol
const WORDS = 24; // mm that words want beside a symbol
const mm = (value) => `${value}mm`;

export const fits = (symbol, cell) => symbol.width <= cell.width && symbol.height + 2 * EDGE <= cell.height;

// Words are as large as their place allows: 2.8 to 4 mm beside a symbol, to 6 mm above it.
const between = (least, value, most) => mm(Math.min(Math.max(value, least), most));

// Paper of this size without margins of its own, while this page is shown.
export function usePaper({ width, height }) {
  useEffect(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`@page { size: ${mm(width)} ${mm(height)}; margin: 0; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet); };
  }, [width, height]);
}

function Face({ label, cell, symbol, isBeside }) {
  const letters = isBeside ? between(2.8, cell.height / 11, 4) : between(2.8, (cell.height - symbol?.height) / 4, 6);
  return html`<div class="label ${isBeside ? 'beside' : ''}" style=${{ left: mm(cell.left), top: mm(cell.top),
    width: mm(cell.width), height: mm(cell.height), fontSize: symbol?.src ? letters : mm(3) }}>
    <div class="label-words"><b>${label.title}</b>${label.lines.filter(Boolean).map((line) => html`<span
      key=${line}>${line}</span>`)}</div>
    ${symbol?.src && fits(symbol, cell) && html`<img src=${symbol.src} alt=${label.content}
      style=${{ width: mm(symbol.width), height: mm(symbol.height) }} />`}
    ${symbol?.src && !fits(symbol, cell) && html`<span class="stopped small"><${Icon} name="stopped" />
      ${t('label.too_large', { width: symbol.width.toFixed(1), height: symbol.height.toFixed(1) })}</span>`}
    ${symbol?.error && html`<span class="stopped small"><${Icon} name="stopped" /> ${reasonText({ code: symbol.error.code })}</span>`}
    ${label.wrong && html`<span class="stopped small"><${Icon} name="stopped" />
      ${t('tote.wrong', { number: label.number, why: word('tote_wrong', label.wrong) })}</span>`}
  </div>`;
}

// Words as large as their label has room for, never too small to read; counts the labels that
// have no room for theirs even so.
function useRoom(onCut) {
  const place = useRef(null);
  useLayoutEffect(() => {
    let cut = 0;
    for (const words of place.current.querySelectorAll('.label-words')) {
      const isOver = () => words.scrollHeight > words.clientHeight + 1 || words.scrollWidth > words.clientWidth + 1;
      const set = (size, isClose) => { words.style.fontSize = size; words.classList.toggle('close', isClose); };
      set('', false);
      for (const [size, isClose] of SMALLER) if (isOver()) set(mm(size), isClose);
      words.parentElement.classList.toggle('no-room', isOver());
      if (isOver()) cut += 1;
    }
    onCut(cut);
  });
  return place;
}

export function Preview({ sheets, paper, symbols, dpi, onCut }) {
  usePaper(paper);
  const place = useRoom(onCut);
  const widest = Math.max(0, ...[...symbols.values()].map((one) => one.width ?? 0));
  const isBeside = widest + WORDS <= paper.labelWidth;
  return html`<div class="sheets" ref=${place}>${sheets.map((places, n) => html`<section key=${n} class="sheet"
    aria-label=${t('label.sheet', { n: n + 1, of: sheets.length })}
    style=${{ width: mm(paper.width), height: mm(paper.height) }}>
    ${(places ?? []).map(({ label, cell }, i) => html`<${Face} key=${i} label=${label} cell=${cell} isBeside=${isBeside}
      symbol=${symbols.get(keyOf(label, dpi))} />`)}</section>`)}</div>`;
}
