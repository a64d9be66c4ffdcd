// Signing out needs the server, which alone can end the session: its cookie is beyond a script's reach. Where the server
// could not be asked, a mark in this browser says that the person has signed out, until the server has been told.
import type { Client } from '@urql/core';
import { SignOutDocument } from '../generated/session/viewer.ts';

export const SIGNED_OUT_HERE = 'signed-out-here';

/** The one attempt that is under way: another one's answer could end the session of a sign-in after it. */
let attempt: Promise<boolean> | null = null;

export function isSignedOutHere(): boolean {
  return localStorage.getItem(SIGNED_OUT_HERE) !== null;
}

export function rememberSignedOutHere(): void {
  localStorage.setItem(SIGNED_OUT_HERE, new Date().toISOString());
}

export function forgetSignedOutHere(): void {
  localStorage.removeItem(SIGNED_OUT_HERE);
}

/**
 * Ends the session that the person has signed out of, where the mark says that it may still live, and removes the mark.
 * @returns whether none is left to end; false when the server did not answer, or did not do it
 */
export function endMarkedSession(client: Client): Promise<boolean> {
  if (attempt !== null) return attempt;
  if (!isSignedOutHere()) return Promise.resolve(true);
  attempt = endSession(client).finally(() => {
    attempt = null;
  });
  return attempt;
}

async function endSession(client: Client): Promise<boolean> {
  const { data, error } = await client
    .mutation(SignOutDocument, { input: { everywhere: false } }, { isSessionEnding: true })
    .toPromise();
  const isUnknown = error?.graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED');
  const isEnded = data?.sessionDelete?.signedOut === true || isUnknown === true;
  if (isEnded) forgetSignedOutHere();
  return isEnded;
}
