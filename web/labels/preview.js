// The sheets as they will be printed, in millimetres. Nothing is ever scaled: a
// symbol that does not fit its label is left out and said.
import { html, useEffect } from '/vendor/preact.js';
import { Icon } from '../parts/icon.js';
import { t } from '../lib/text.js';
import { keyOf } from './symbols.js';

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
    ${symbol?.error && html`<span class="stopped small"><${Icon} name="stopped" /> ${symbol.error.detail}</span>`}
  </div>`;
}

export function Preview({ sheets, paper, symbols, dpi }) {
  usePaper(paper);
  const widest = Math.max(0, ...[...symbols.values()].map((one) => one.width ?? 0));
  const isBeside = widest + WORDS <= paper.labelWidth;
  return html`<div class="sheets">${sheets.map((places, n) => html`<section key=${n} class="sheet"
    aria-label=${t('label.sheet', { n: n + 1, of: sheets.length })}
    style=${{ width: mm(paper.width), height: mm(paper.height) }}>
    ${(places ?? []).map(({ label, cell }, i) => html`<${Face} key=${i} label=${label} cell=${cell} isBeside=${isBeside}
      symbol=${symbols.get(keyOf(label, dpi))} />`)}</section>`)}</div>`;
}
