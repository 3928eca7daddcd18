// Keeps a text in the browser's storage. A full storage stops nobody at work: what
// could not be kept is still on the page and still sent.
export function keep(key, text) {
  try { localStorage.setItem(key, text); } catch (error) { console.warn(error); }
}
