// What a reader has seen works offline. Nothing is fetched ahead: a page tells what it is made of once it is there.

const CACHE = 'model2vec-ts-__VERSION__';

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith('model2vec-ts-') && name !== CACHE) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

// Answers on the port that came along, once everything is kept.
self.addEventListener('message', (event) => {
  const { keep } = event.data ?? {};
  if (!Array.isArray(keep)) return;
  const port = event.ports[0];
  event.waitUntil(
    keepAll(keep).then(
      (kept) => port?.postMessage({ kept }),
      (error) => port?.postMessage({ error: String(error) }),
    ),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(isAsset(request.url) ? keptFirst(request) : networkFirst(request));
});

/** Assets carry a hash of their content in their name, so that a kept one is never stale. */
function isAsset(url) {
  return new URL(url).pathname.startsWith(new URL('assets/', self.registration.scope).pathname);
}

async function keepAll(urls) {
  const cache = await caches.open(CACHE);
  let kept = 0;
  for (const url of new Set(urls)) {
    if (new URL(url, self.location.href).origin !== self.location.origin) continue;
    // The page has just fetched it: the browser's own cache spares the network.
    if (!(isAsset(url) && (await cache.match(url))))
      await cache.add(new Request(url, { cache: 'force-cache' }));
    kept++;
  }
  return kept;
}

async function keptFirst(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request.url, response.clone());
  return response;
}

async function networkFirst(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request.url, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request.url, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}
