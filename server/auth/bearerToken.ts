const BEARER = /^Bearer +(\S+)$/i;

/** The token of an Authorization header (RFC 6750); null when there is none. */
export function bearerToken(authorization: unknown): string | null {
  if (typeof authorization !== 'string') return null;
  return BEARER.exec(authorization.trim())?.[1] ?? null;
}
