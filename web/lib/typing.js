// Keys as scanners type them, and those typed before there is a page to take them.

// GS arrives as itself or as Ctrl+], whatever the layout prints on that key.
export const GS = '\u001d';
export const SHOWN_GS = '␝'; // a field cannot show U+001D itself
export const isSeparator = (event) => event.key === GS
  || (event.ctrlKey && !event.altKey && (event.key === ']' || event.code === 'BracketRight'));
export const isIme = (event) => event.isComposing || event.key === 'Process' || event.keyCode === 229;
export const isPrintable = (event) => event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;

const MODE_KEYS = ['F1', 'F2', 'F3', 'F6'];
let ahead = null; // key events since the log-in; null: not listening

function listen(event) {
  if (!isPrintable(event) && !isSeparator(event) && event.key !== 'Enter' && !MODE_KEYS.includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  ahead.push(event);
}

export function startTypingAhead() {
  if (ahead) return;
  ahead = [];
  document.addEventListener('keydown', listen, true);
}

// Stops listening and hands over what was typed.
export function takeTypedAhead() {
  document.removeEventListener('keydown', listen, true);
  const events = ahead ?? [];
  ahead = null;
  return events;
}
