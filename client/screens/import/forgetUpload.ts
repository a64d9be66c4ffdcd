// The server keeps a few uploads of each person for a day: those that are no longer needed are deleted, so that there is room.
const STORAGE_KEY = 'import-uploads';
const TUS_VERSION = '1.0.0';
const NOT_FOUND = 404;

/** Notes that there is an upload to be forgotten one day. */
export function noteUpload(url: string): void {
  write([...new Set([...read(), url])]);
}

/** Also while the page is being left; browsers do not always send it then, so that the note stays until there is an answer. */
export function forgetUpload(url: string): void {
  const headers = { 'Tus-Resumable': TUS_VERSION };
  fetch(url, { method: 'DELETE', headers, keepalive: true }).then(
    ({ ok, status }) => {
      if (ok || status === NOT_FOUND) write(read().filter((noted) => noted !== url));
    },
    () => undefined,
  );
}

/** Those that this tab left behind when it was reloaded. */
export function forgetLeftUploads(): void {
  for (const url of read()) forgetUpload(url);
}

function read(): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '[]');
  } catch {
    return [];
  }
}

function write(urls: readonly string[]): void {
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify(urls));
}
