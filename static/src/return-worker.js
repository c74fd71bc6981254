// @ts-check
/**
 * Keeps the pages of returns that were opened, with their scripts and styles, so that they open again without a network.
 *
 * The network comes first; what is kept is only shown when it does not answer. When a page leads to the sign-in instead,
 * nobody is signed in any more, and all kept pages go.
 */

const PAGES = 'loumap-returns-pages';
const PARTS = 'loumap-returns-parts';
const PATIENCE_MS = 6000;
const MOST_PARTS = 60;

const worker = /** @type {any} */ (self);

worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const {request} = event;
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (new URL(request.url).pathname.startsWith('/static/dist/')) event.respondWith(part(request));
});

/** A page from the network, or as it was last. @param {Request} request */
async function page(request) {
  const kept = await caches.open(PAGES);
  try {
    const answer = await fetch(request, {signal: AbortSignal.timeout(PATIENCE_MS)});
    if (answer.redirected && /\/login$/.test(new URL(answer.url).pathname)) await caches.delete(PAGES);
    else if (answer.ok && isOurs(request.url)) await kept.put(request, answer.clone());
    return answer;
  } catch (error) {
    const found = await kept.match(request, {ignoreSearch: true});
    if (found) return found;
    throw error;
  }
}

/** Lists and plans; no receipts, files or links that open without an account. @param {string} url */
const isOurs = url => /\/return(\/[0-9a-z]+)?$/.test(new URL(url).pathname);

/** Built files have a hash in their name and never change. @param {Request} request */
async function part(request) {
  const kept = await caches.open(PARTS);
  const found = await kept.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) {
    await kept.put(request, answer.clone());
    const keys = await kept.keys();
    for (const old of keys.slice(0, Math.max(0, keys.length - MOST_PARTS))) await kept.delete(old);
  }
  return answer;
}
