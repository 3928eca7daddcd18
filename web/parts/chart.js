// One measure per row as bars: months stand side by side, other groups lie one
// under the other, the largest first, so that long names stay readable.
import { html, useEffect, useRef } from '/vendor/preact.js';
import { count } from '../lib/format.js';
import { t } from '../lib/text.js';

const MOST_BARS = 15;
const BAR = 30;
const FIGURE = 96; // px for the figure behind the longest bar
const NAMES = 220; // px at most for the names beside the bars

let library = null;

// uPlot and its style come only to pages that draw.
function loadLibrary() {
  library ??= import('/vendor/uplot.js').then((module) => {
    const style = document.createElement('link');
    style.rel = 'stylesheet';
    style.href = '/vendor/uplot.css';
    document.head.append(style);
    return new Promise((ready) => {
      style.onload = () => ready(module.default);
      style.onerror = () => ready(module.default);
    });
  });
  return library;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const pen = document.createElement('canvas').getContext('2d');

// As much of a name as fits beside its bar.
function fitting(text, width, font) {
  pen.font = font;
  if (pen.measureText(text).width <= width) return text;
  let most = text.length - 1;
  while (most > 1 && pen.measureText(`${text.slice(0, most)}…`).width > width) most -= 1;
  return `${text.slice(0, most).trimEnd()}…`;
}

const numberOf = (row, key) => (row[key] === null ? null : Number(row[key]));

function optionsOf(uPlot, { labels, series, upright, width, height }) {
  const font = `14px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: colour('--soft'), font, ticks: { show: false } };
  const step = Math.max(1, Math.ceil(labels.length / (width / 80)));
  const room = Math.min(NAMES, width * 0.4);
  const headroom = upright ? 1.12 : 1 + FIGURE / Math.max(FIGURE, width - room - FIGURE);
  const names = {
    ...axis, grid: { show: false }, size: upright ? 32 : room, side: upright ? 2 : 3, gap: 8,
    splits: () => labels.map((_, n) => n).filter((n) => !upright || n % step === 0),
    values: (_, splits) => splits.map((n) => (upright ? labels[n] : fitting(labels[n] ?? '', room - 16, font))),
  };
  const values = {
    ...axis, grid: { stroke: colour('--line'), width: 1 }, size: upright ? 72 : 32, side: upright ? 3 : 2,
      space: upright ? 32 : 90,
    values: (_, splits) => splits.map((value) => count(value)),
  };
  const bars = uPlot.paths.bars({ size: [0.62, 44], radius: 0.15 });
  return {
    width, height, legend: { show: false }, cursor: { show: false }, padding: [8, 24, 0, 0],
    scales: {
      x: { time: false, ori: upright ? 0 : 1, dir: upright ? 1 : -1, range: [-0.6, labels.length - 0.4] },
      y: { ori: upright ? 1 : 0,
        range: (_, low, high) => [Math.min(0, low), high > 0 ? high * headroom : 1] },
    },
    axes: [names, values],
    series: [{},
      { label: series.label, stroke: colour('--accent'), fill: colour('--accent'), paths: bars,
        points: { show: false } }],
    hooks: { draw: [(plot) => writeValues(plot, { series, upright, font })] },
  };
}

// Each bar carries its figure, when there is room for it.
function writeValues(plot, { series, upright, font }) {
  const { ctx, data: [xs, ys] } = plot;
  if (upright && xs.length * 76 > plot.width) return;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = font.replace(/^(\d+)px/, (_, size) => `${size * ratio}px`);
  ctx.fillStyle = colour('--ink');
  ctx.textAlign = upright ? 'center' : 'left';
  ctx.textBaseline = upright ? 'bottom' : 'middle';
  xs.forEach((x, n) => {
    if (ys[n] === null) return;
    const along = plot.valToPos(x, 'x', true);
    const up = plot.valToPos(ys[n], 'y', true);
    const text = series.show(ys[n]);
    if (upright) ctx.fillText(text, along, up - 4 * ratio);
    else ctx.fillText(text, Math.min(up + 6 * ratio, plot.bbox.left + plot.bbox.width - ctx.measureText(text).width),
      along);
  });
  ctx.restore();
}

export function Chart({ rows, series, time, title }) {
  const box = useRef(null);
  useEffect(() => {
    let plot = null;
    let gone = false;
    const known = rows.filter((row) => row[series.key] !== null);
    const byLabel = (a, b) => String(a.label).localeCompare(String(b.label));
    const bySize = (a, b) => numberOf(b, series.key) - numberOf(a, series.key);
    const drawn = time ? [...known].sort(byLabel) : [...known].sort(bySize).slice(0, MOST_BARS);
    const data = [drawn.map((_, n) => n), drawn.map((row) => numberOf(row, series.key))];
    const draw = async () => {
      const uPlot = await loadLibrary();
      if (gone || !box.current) return;
      plot?.destroy();
      const width = box.current.clientWidth;
      const height = time ? 300 : drawn.length * BAR + 48;
      plot = new uPlot(optionsOf(uPlot,
        { labels: drawn.map((row) => String(row.label)), series, upright: time, width, height }), data, box.current);
    };
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const watch = new ResizeObserver(() => { if (plot && plot.width !== box.current?.clientWidth) draw(); });
    watch.observe(box.current);
    dark.addEventListener('change', draw);
    draw();
    return () => { gone = true; watch.disconnect(); dark.removeEventListener('change', draw); plot?.destroy(); };
  }, [rows, series.key, time]);
  return html`<figure class="chart ${time ? 'upright' : ''}" role="img" aria-label=${t('report.chart', { title })}>
    <div ref=${box}></div>
    <figcaption
      class="soft small">${series.label}${!time && rows.length > MOST_BARS
        ? ` · ${t('report.largest', { n: MOST_BARS })}` : ''}</figcaption>
  </figure>`;
}
