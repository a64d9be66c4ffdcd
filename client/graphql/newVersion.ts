// A page that was opened before a deployment asks by hashes that the server no longer knows: a newer page is there.
import { pageValue } from '../app/pageValue.ts';

type Fault = { readonly extensions?: { readonly code?: unknown } | undefined };

const isThere = pageValue(false);

/** Whether a fault says that this page is of an earlier version than the server. */
export function isOfNewVersion({ extensions }: Fault): boolean {
  return extensions?.code === 'PERSISTED_QUERY_NOT_FOUND';
}

/** Looks through an answer's faults; once a newer version is there, it is until the page is loaded anew. */
export function noteNewVersion(faults: readonly Fault[]): void {
  if (!isThere.get() && faults.some(isOfNewVersion)) isThere.set(true);
}

/** Whether only a page that is loaded anew can go on. */
export function useNewVersion(): boolean {
  return isThere.use();
}
