import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;
const PREFIX = 'pbs_';
const TOKEN = new RegExp(`^${PREFIX}[A-Za-z0-9_-]{43}$`);

/** A new session's token: 256 random bits. It is shown once; only its hash is stored. */
export function newSessionToken(): string {
  return PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
}

/**
 * SHA-256 of a token, by which its session is found. A token has more entropy than any dictionary holds, so that a fast
 * hash is enough, and looking a hash up tells no more about the token than the hash itself would.
 * @returns null when it cannot be a token of ours
 */
export function hashSessionToken(token: string): Buffer | null {
  return TOKEN.test(token) ? createHash('sha256').update(token).digest() : null;
}
