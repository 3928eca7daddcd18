// Icons drawn as lines in the colour of the text around them.
import { html } from '/vendor/preact.js';

const LINES = {
  done: 'M4 12.5 9.500 18 20 6.500',
  look: 'M12 4v10M12 18.500v.6',
  stopped: 'M6 6l12 12M18 6 6 18',
  waiting: 'M12 7v5l3 2M12 3a9 9 0 1 0 .01 0',
  undo: 'M4 9h10a5 5 0 0 1 0 10H9M4 9l4-4M4 9l4 4',
  search: 'M10.500 4a6.500 6.500 0 1 0 .01 0M15.500 15.500 20 20',
  scan: 'M4 7V4h4M16 4h4v3M20 17v3h-4M8 20H4v-3M8 8v8M11 8v8M13.500 8v8M16.500 8v8',
  truck: 'M3 6h11v10H3zM14 10h4l3 3v3h-7M7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4M17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  print: 'M7 9V4h10v5M7 17H4v-8h16v8h-3M7 14h10v6H7z',
  label: 'M4 5h9l7 7-7 7H4zM8 12h.1',
  file: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  camera: 'M4 8h4l1.500-3h5L16 8h4v11H4zM12 10a3.500 3.500 0 1 0 .01 0',
  torch: 'M13 3 6 13.500h5L10.500 21 18 10h-5z',
  sound: 'M4 10v4h3l5 4V6L7 10zM16 9a4 4 0 0 1 0 6',
};

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.2"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${LINES[name]} /></svg>`;
}
