import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const PREFIX = 'pbi_';
const SECRET = new RegExp(`^${PREFIX}[A-Za-z0-9_-]{43}$`);

/** A new invitation's secret: 256 random bits. It is shown once; only its hash is stored. */
export function newInvitationSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

/**
 * SHA-256 of a secret, by which its invitation is found: nothing that somebody could guess hashes to it.
 * @returns null when it cannot be a secret of ours
 */
export function hashInvitationSecret(secret: string): Buffer | null {
  return SECRET.test(secret) ? createHash('sha256').update(secret).digest() : null;
}
