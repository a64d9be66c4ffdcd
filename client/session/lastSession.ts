// Who was signed in when the server last said so: what an offline page is opened with.
import type { SessionViewerQuery } from '../generated/operationTypes.ts';
import { forgetLastKnown, LAST_SESSION, readLastKnown, writeLastKnown } from '../offline/lastKnownStore.ts';

const EXPIRY_KEY = 'session-expires-at';
/** How long the server lets a session live; what was known of an older one is nobody's any more. */
const MAX_SESSION_MS = 24 * 3_600_000;

/** @param expiresAt ISO 8601, as the server says at sign-in */
export function rememberExpiry(expiresAt: string): void {
  localStorage.setItem(EXPIRY_KEY, expiresAt);
}

export function forgetExpiry(): void {
  localStorage.removeItem(EXPIRY_KEY);
}

/**
 * Keeps who is signed in. What was known is forgotten when it may be somebody else's by now: another person is signed in,
 * or this one is no member any more of an organization that they were a member of.
 */
export async function keepSession(now: SessionViewerQuery): Promise<void> {
  const earlier = await readLastKnown(LAST_SESSION);
  if (earlier !== null && !isWithin(earlier.data as SessionViewerQuery, now)) await forgetLastKnown();
  await writeLastKnown(LAST_SESSION, now);
}

/** @returns null where nothing is known of anybody; OVER when the session has ended by now, and nothing of it may be shown */
export async function readLastSession(now: Date): Promise<SessionViewerQuery | 'OVER' | null> {
  const known = await readLastKnown(LAST_SESSION);
  if (known === null) return null;
  const { storedAt } = known;
  if (isSessionOver({ storedAt, expiresAt: localStorage.getItem(EXPIRY_KEY) }, now)) return 'OVER';
  return known.data as SessionViewerQuery;
}

/** Whether all that the earlier answer lets see, the later one does. */
export function isWithin(
  { viewer: earlier }: SessionViewerQuery,
  { viewer: later }: SessionViewerQuery,
): boolean {
  if (earlier?.user?.id !== later?.user?.id) return false;
  const organizations = new Set(later?.memberships.map(({ organization }) => organization.id));
  return earlier?.memberships.every(({ organization }) => organizations.has(organization.id)) ?? true;
}

/**
 * @param session.storedAt when the server last said who is signed in
 * @param session.expiresAt as the server said at sign-in; null where that is not known
 */
export function isSessionOver(session: { storedAt: string; expiresAt: string | null }, now: Date): boolean {
  const latest = Date.parse(session.storedAt) + MAX_SESSION_MS;
  const end = session.expiresAt === null ? latest : Math.min(latest, Date.parse(session.expiresAt));
  return now.getTime() >= end;
}
