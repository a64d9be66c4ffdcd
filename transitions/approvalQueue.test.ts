import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowestFreeNonce } from './approvalQueue.ts';

describe('lowestFreeNonce', () => {
  it('is the first nonce from the Safe’s own that nobody holds', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 20n), fc.uniqueArray(fc.bigInt(0n, 30n)), (safeNonce, held) => {
        const free = lowestFreeNonce(
          safeNonce,
          held.map((nonce) => ({ safeNonce: nonce })),
        );
        expect(free >= safeNonce).toBe(true);
        expect(held).not.toContain(free);
        for (let nonce = safeNonce; nonce < free; nonce += 1n) expect(held).toContain(nonce);
      }),
    );
  });
});
