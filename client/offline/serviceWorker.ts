// The offline shell: the pages' own files from a cache that is named by their contents. What the API answers is never kept
// here: screens keep their last answers themselves, and say so.
/// <reference lib="webworker" />
export {};

declare const self: ServiceWorkerGlobalScope;
/** Filled in by client/build.ts. */
declare const SHELL: { version: string; files: readonly string[] };

const CACHE = `shell-${SHELL.version}`;
const INDEX = '/index.html';
const SERVER_PATHS = ['/graphql', '/uploads', '/manifests', '/health', '/metrics'];

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([...SHELL.files]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (SERVER_PATHS.some((path) => url.pathname === path || url.pathname.startsWith(`${path}/`))) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (SHELL.files.includes(url.pathname)) event.respondWith(fromShell(request));
});

/** The server's page when it answers, so that a new version is seen at once. */
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(INDEX);
    if (kept !== undefined) return kept;
    throw error;
  }
}

async function fromShell(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}
