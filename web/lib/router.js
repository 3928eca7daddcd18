// Pages are chosen behind the `#`, so the service serves one address. Filter,
// sort and place of a list live in the same text and survive reload and sharing.
import { useEffect, useState } from '/vendor/preact.js';

export function readRoute(hash = location.hash) {
  const [path, search = ''] = hash.replace(/^#/, '').split('?');
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  return { parts, query: Object.fromEntries(new URLSearchParams(search)) };
}

export function linkTo(path, query = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, value);
  }
  const text = search.toString();
  return `#${path}${text ? `?${text}` : ''}`;
}

export function go(path, query) {
  location.hash = linkTo(path, query);
}

// Changes parts of the query in place: a filter is not a step in the history.
export function changeQuery(changes) {
  const { parts, query } = readRoute();
  history.replaceState(null, '', linkTo(`/${parts.join('/')}`, { ...query, ...changes }));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

export function useRoute() {
  const [route, setRoute] = useState(readRoute);
  useEffect(() => {
    const changed = () => setRoute(readRoute());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}
