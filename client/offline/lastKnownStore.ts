import { clear, createStore, del, entries, get, set } from 'idb-keyval';

/** Under which the last known session is kept, for as long as any answer is; answers themselves are kept by user. */
export const LAST_SESSION = 'session';
/** More answers than these are not kept; the oldest go first. */
const MAX_ANSWERS = 300;
const MAX_ANSWER_CHARACTERS = 512 * 1024;
/** Answers between two looks at how many there are. */
const WRITES_PER_PRUNE = 50;

/** What the server last answered, and when. */
export type LastKnown = { data: unknown; storedAt: string };

const store = createStore('protocol-banks', 'last-known');
let writes = 0;

/** @returns null when there is none, or the browser keeps nothing */
export async function readLastKnown(key: string): Promise<LastKnown | null> {
  return (await get<LastKnown>(key, store).catch(() => null)) ?? null;
}

export async function writeLastKnown(key: string, data: unknown): Promise<void> {
  if (JSON.stringify(data).length > MAX_ANSWER_CHARACTERS) return;
  try {
    await set(key, { data, storedAt: new Date().toISOString() } satisfies LastKnown, store);
    writes += 1;
    if (writes % WRITES_PER_PRUNE === 0) await prune();
  } catch {
    // No room, or a private window: then there is nothing to show without a network.
  }
}

/** Forgets everything: the next person at this browser must not see it. */
export async function forgetLastKnown(): Promise<void> {
  await clear(store).catch(() => {});
}

async function prune(): Promise<void> {
  const all = (await entries<string, LastKnown>(store)).filter(([key]) => key !== LAST_SESSION);
  const oldest = all.sort(([, a], [, b]) => (a.storedAt < b.storedAt ? -1 : 1)).slice(0, -MAX_ANSWERS);
  await Promise.all(oldest.map(([key]) => del(key, store)));
}
