import { randomBytes } from 'node:crypto';

const NONCE_BYTES = 16;

/**
 * A nonce for one sign-in message: 128 bits that nobody can foretell, as 32 hexadecimal digits. EIP-4361 asks for at
 * least eight letters and digits.
 */
export function signInNonce(): string {
  return randomBytes(NONCE_BYTES).toString('hex');
}
