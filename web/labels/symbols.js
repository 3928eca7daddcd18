// Symbols as the service draws them, each content once: {src, width, height} in
// millimetres, or {error}.
import { useEffect, useState } from '/vendor/preact.js';
import { getText } from '../lib/api.js';

const drawn = new Map(); // what was asked for → promise of a symbol

const size = (svg, name) => Number(new RegExp(`^<svg[^>]* ${name}="([\\d.]+)mm"`).exec(svg)?.[1]);

async function draw(query) {
  try {
    const svg = await getText('/labels', { ...query, format: 'svg' });
    return { src: `data:image/svg+xml,${encodeURIComponent(svg)}`, width: size(svg, 'width'), height: size(svg, 'height') };
  } catch (error) {
    return { error };
  }
}

export const keyOf = ({ symbology, content }, dpi) => JSON.stringify([symbology, content, dpi]);

async function symbolOf({ symbology, content }, dpi) {
  const key = keyOf({ symbology, content }, dpi);
  if (!drawn.has(key)) drawn.set(key, draw({ symbology, content, dpi }));
  const symbol = await drawn.get(key);
  if (symbol.error) drawn.delete(key); // asked again another time
  return symbol;
}

const AT_ONCE = 6;

// The symbols of these labels by key; those still being drawn are missing.
export function useSymbols(labels, dpi) {
  const [symbols, setSymbols] = useState(new Map());
  const wanted = [...new Map(labels.map((one) => [keyOf(one, dpi), one]))];
  useEffect(() => {
    let current = true;
    const left = [...wanted];
    const found = new Map();
    const work = async () => {
      for (let next = left.shift(); next && current; next = left.shift()) found.set(next[0], await symbolOf(next[1], dpi));
    };
    Promise.all(Array.from({ length: AT_ONCE }, work)).then(() => current && setSymbols(found));
    return () => { current = false; };
  }, [wanted.map(([key]) => key).join()]);
  return symbols;
}

// One file of labels for a thermal printer, which draws them itself.
export async function zplOf(labels, dpi) {
  const texts = new Map();
  for (const label of labels) {
    const key = keyOf(label, dpi);
    if (!texts.has(key)) {
      texts.set(key, await getText('/labels', { symbology: label.symbology, content: label.content, dpi, format: 'zpl' }));
    }
  }
  return labels.map((label) => texts.get(keyOf(label, dpi))).join('');
}
