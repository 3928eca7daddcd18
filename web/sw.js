// The pages without the line. The build writes VERSION and FILES {path: hash} above.
// Every part of a page is named below /v/VERSION, so that versions never mix. The
// page itself comes from the service while that answers, so that an update is taken
// at the next load, and from here otherwise. Nothing else passes through: not the
// API, not the health checks, not the metrics.
const CACHE = `yaoku-${VERSION}`;
const PAGE = '/index.html';
const PATIENCE = 3000; // ms; a line this slow is none
const OLD_ONES = 1; // versions kept for windows that are still open

const kept = (request) => caches.match(request, { ignoreVary: true }); // no matter how it was packed
const address = (path) => `/v/${VERSION}${path}`;

// What another version has already is not fetched again.
async function known(path, hash) {
  for (const name of await caches.keys()) {
    const answer = await (await caches.open(name)).match(`/v/${name.replace('yaoku-', '')}${path}`,
      { ignoreVary: true });
    if (answer?.headers.get('ETag') === `"${hash}"`) return answer;
  }
  return null;
}

async function fetched(path) {
  const answer = await fetch(address(path), { credentials: 'omit' });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

// All or nothing: half a version is none.
async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.entries(FILES).map(async ([path, hash]) => {
    if (await cache.match(address(path), { ignoreVary: true })) return;
    await cache.put(address(path), await known(path, hash) ?? await fetched(path));
  }));
  await self.skipWaiting();
}

async function activate() {
  const ours = (await caches.keys()).filter((name) => name.startsWith('yaoku-') && name !== CACHE);
  await Promise.all(ours.slice(0, -OLD_ONES).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok || answer.status < 500) return answer;
  } catch { /* no line */ }
  return await kept(address(PAGE)) ?? Response.error();
}

const part = async (request) => await kept(request) ?? fetch(request);

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== location.origin) return;
  if (pathname === '/' || pathname === PAGE) event.respondWith(page(event.request));
  else if (pathname.startsWith('/v/')) event.respondWith(part(event.request));
});
