import { expect, test } from 'vitest';
import { signInNonce } from './signInNonce.ts';

/** Eight equal digits in two nonces at any places: one pair in seven million has them by chance. */
const SHARED_CHARACTERS = 8;

test('is what EIP-4361 takes for a nonce', () => {
  expect(signInNonce()).toMatch(/^[A-Za-z0-9]{16,}$/);
});

test('no nonce tells a part of the next', () => {
  const nonces = Array.from({ length: 200 }, signInNonce);
  expect(new Set(nonces).size).toBe(nonces.length);
  for (const [index, nonce] of nonces.entries()) {
    const next = nonces[index + 1] ?? '';
    for (let at = 0; at + SHARED_CHARACTERS <= nonce.length; at += 1) {
      expect(next).not.toContain(nonce.slice(at, at + SHARED_CHARACTERS));
    }
  }
});
