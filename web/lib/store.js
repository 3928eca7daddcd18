// Keeps a text in the browser's storage. A full storage stops nobody at work: what
// could not be kept is still on the page and still sent. Returns whether it is kept.
export function keep(key, text, storage = localStorage) {
  try {
    storage.setItem(key, text);
    return true;
  } catch (error) {
    console.warn(error);
    return false;
  }
}
