/** Of the screen that an invitation's link leads to. */
export const INVITATION_PATH = '/invitation';

/** In memory alone: it outlasts signing in with another wallet, but neither a reload nor the tab. */
let held: string | null = null;

/**
 * The secret of an invitation's link, from the fragment, which no server sees. It is read once; the address bar is to be
 * cleared of it before it is copied or remembered.
 * @param hash as in `location.hash`
 */
export function takeInvitationSecret(hash: string): string | null {
  const secret = new URLSearchParams(hash.slice(1)).get('secret');
  if (secret !== null && secret !== '') held = secret;
  return held;
}

export function forgetInvitationSecret(): void {
  held = null;
}

/** The link to hand to the invited person. */
export function invitationLink(origin: string, secret: string): string {
  return `${origin}${INVITATION_PATH}#${new URLSearchParams({ secret })}`;
}
