// The paper: which sheet or roll, where to begin, how fine the printer is. Kept in
// this browser, because it goes with the printer.
import { html, useState } from '/vendor/preact.js';
import { Choice, Input } from '../parts/field.js';
import { keep } from '../lib/store.js';
import { t } from '../lib/text.js';
import { PRESETS, onRoll } from './sheets.js';

const KEPT = 'yaoku.labels';
const FREE = ['columns', 'rows', 'labelWidth', 'labelHeight', 'left', 'top', 'gapX', 'gapY'];
const WHOLE = ['columns', 'rows'];
const DPIS = ['203', '300', '600'];
const DEFAULTS = { preset: 'a4_24', dpi: '300', free: PRESETS.a4_24, roll: { width: 60, height: 40 } };

function restored() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEPT) ?? '{}') };
  } catch {
    return DEFAULTS;
  }
}

export function useSettings() {
  const [settings, setSettings] = useState(restored);
  const change = (changes) => {
    const next = { ...settings, ...changes };
    keep(KEPT, JSON.stringify(next));
    setSettings(next);
  };
  return [settings, change];
}

export function sheetOf({ preset, free, roll }) {
  if (preset === 'roll') return onRoll(roll.width, roll.height);
  return preset === 'free' ? free : PRESETS[preset] ?? PRESETS.a4_24;
}

const number = (text, isWhole) => {
  const value = Number(text.replace(',', '.'));
  return isWhole ? Math.floor(value) : value;
};

function Numbers({ names, values, onChange }) {
  return names.map((name) => html`<${Input} key=${name} label=${t(`sheet.${name}`)} class="number" inputmode="decimal"
    value=${String(values[name])} onText=${(text) => {
      const value = number(text, WHOLE.includes(name));
      if (value >= 0 && value <= 1000 && text.trim() !== '') onChange({ ...values, [name]: value });
    }} />`);
}

export function SheetSettings({ settings, change, start, onStart, places }) {
  const presets = [...Object.keys(PRESETS), 'free'].map((name) => [name, t(`preset.${name}`)]);
  return html`<div class="filters">
    <${Choice} label=${t('sheet.preset')} value=${settings.preset} options=${presets}
      onChange=${(preset) => change({ preset, free: preset === 'free' ? sheetOf(settings) : settings.free })} />
    ${settings.preset === 'free' && html`<${Numbers} names=${FREE} values=${settings.free}
      onChange=${(free) => change({ free })} />`}
    ${settings.preset === 'roll' && html`<${Numbers} names=${['width', 'height']} values=${settings.roll}
      onChange=${(roll) => change({ roll })} />`}
    ${places > 1 && html`<${Choice} label=${t('sheet.start')} value=${start} onChange=${(value) => onStart(Number(value))}
      options=${Array.from({ length: places }, (_, n) => [n + 1, String(n + 1)])} />`}
    <${Choice} label=${t('sheet.dpi')} value=${settings.dpi} onChange=${(dpi) => change({ dpi })}
      options=${DPIS.map((dpi) => [dpi, `${dpi} dpi`])} />
  </div>`;
}
