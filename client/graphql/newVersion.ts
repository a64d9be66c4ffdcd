// A page that was opened before a deployment asks by hashes that the server no longer knows: a newer page is there.
import { useSyncExternalStore } from 'react';

type Fault = { readonly extensions?: { readonly code?: unknown } | undefined };

let isThere = false;
const listeners = new Set<() => void>();

/** Whether a fault says that this page is of an earlier version than the server. */
export function isOfNewVersion({ extensions }: Fault): boolean {
  return extensions?.code === 'PERSISTED_QUERY_NOT_FOUND';
}

/** Looks through an answer's faults; once a newer version is there, it is until the page is loaded anew. */
export function noteNewVersion(faults: readonly Fault[]): void {
  if (isThere || !faults.some(isOfNewVersion)) return;
  isThere = true;
  for (const changed of listeners) changed();
}

/** Whether only a page that is loaded anew can go on. */
export function useNewVersion(): boolean {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => isThere,
  );
}
