import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fees } from '../../chains/evm/client/readFees.ts';
import {
  leastReplacement,
  limitsBelow,
  loweredOffer,
  type Market,
  mostOffered,
  offerFor,
  type Raise,
  raisedOffer,
} from './feeArithmetic.ts';
import { type FeeLimits, limitsFor } from './feePolicy.ts';

const MAX_WEI = 10n ** 21n;
const wei = fc.oneof(fc.bigInt(0n, 1_000n), fc.bigInt(0n, MAX_WEI));
const market: fc.Arbitrary<Market> = fc.record({ nextBaseFeePerGas: wei, priorityFeePerGas: wei });
const limits: fc.Arbitrary<FeeLimits> = fc
  .tuple(wei, wei)
  .map(([one, other]) =>
    one > other
      ? { maxFeePerGas: one, maxPriorityFeePerGas: other }
      : { maxFeePerGas: other, maxPriorityFeePerGas: one },
  );
const held: fc.Arbitrary<Fees> = fc
  .tuple(wei, wei)
  .map(([one, other]) =>
    one > other
      ? { maxFeePerGas: one, maxPriorityFeePerGas: other }
      : { maxFeePerGas: other, maxPriorityFeePerGas: one },
  );

const raise = fc.constantFrom<Raise>('EIGHTH', 'DOUBLE', 'LAST');

/** A pool's rule: a tenth more of both, and more in any case (geth's legacy pool; reth, nethermind and besu alike). */
function poolAccepts(older: Fees, newer: Fees): boolean {
  return (['maxFeePerGas', 'maxPriorityFeePerGas'] as const).every(
    (fee) => newer[fee] > older[fee] && newer[fee] * 100n >= older[fee] * 110n,
  );
}

describe('a new transaction', () => {
  test('never offers more than may be offered, whatever a node says', () => {
    fc.assert(
      fc.property(market, limits, (asked, bounds) => {
        const offer = offerFor(asked, bounds);
        if (offer === null) return;
        expect(offer.maxFeePerGas).toBeLessThanOrEqual(bounds.maxFeePerGas);
        expect(offer.maxPriorityFeePerGas).toBeLessThanOrEqual(bounds.maxPriorityFeePerGas);
        expect(offer.maxPriorityFeePerGas).toBeLessThanOrEqual(offer.maxFeePerGas);
      }),
    );
  });

  test('is offered enough for the next block with its whole tip, or not made', () => {
    fc.assert(
      fc.property(market, limits, (asked, bounds) => {
        const offer = offerFor(asked, bounds);
        if (offer !== null) {
          expect(offer.maxFeePerGas).toBeGreaterThanOrEqual(
            asked.nextBaseFeePerGas + offer.maxPriorityFeePerGas,
          );
          return;
        }
        expect(asked.nextBaseFeePerGas + bounds.maxPriorityFeePerGas).toBeGreaterThan(bounds.maxFeePerGas);
      }),
    );
  });

  test('offers no less when the chain asks for more', () => {
    fc.assert(
      fc.property(market, limits, wei, wei, (asked, bounds, more, moreTip) => {
        const offer = offerFor(asked, bounds);
        const dearer = offerFor(
          {
            nextBaseFeePerGas: asked.nextBaseFeePerGas + more,
            priorityFeePerGas: asked.priorityFeePerGas + moreTip,
          },
          bounds,
        );
        // Where the dearer market is within the limits, the cheaper one is.
        if (dearer === null) return;
        expect(offer).not.toBeNull();
        expect(dearer.maxFeePerGas).toBeGreaterThanOrEqual(offer?.maxFeePerGas ?? 0n);
        expect(dearer.maxPriorityFeePerGas).toBeGreaterThanOrEqual(offer?.maxPriorityFeePerGas ?? 0n);
      }),
    );
  });
});

test('no offer makes a transaction cost more than nodes let it', () => {
  fc.assert(
    fc.property(
      market,
      limits,
      wei,
      fc.bigInt(21_000n, 40_000_000n),
      (asked, bounds, maxTransactionFee, gas) => {
        const offer = offerFor(asked, limitsFor({ ...bounds, maxTransactionFee }, gas));
        expect((offer?.maxFeePerGas ?? 0n) * gas).toBeLessThanOrEqual(maxTransactionFee);
        expect(limitsFor({ ...bounds, maxTransactionFee: null }, gas)).toEqual(bounds);
      },
    ),
  );
});

describe('a lowered offer', () => {
  const asked = { nextBaseFeePerGas: 80n, priorityFeePerGas: 2n };
  const bounds = { maxFeePerGas: 1_000n, maxPriorityFeePerGas: 5n };
  const refused = [{ maxFeePerGas: 162n, maxPriorityFeePerGas: 2n }];

  test('is an eighth below all that was refused, within the limits, and enough for a full block', () => {
    fc.assert(
      fc.property(fc.array(held, { minLength: 1, maxLength: 4 }), market, limits, (above, told, allowed) => {
        const lowered = loweredOffer(null, told, limitsBelow(above, allowed));
        if (lowered === null) return;
        for (const { maxFeePerGas } of above)
          expect(lowered.maxFeePerGas * 8n <= maxFeePerGas * 7n).toBe(true);
        expect(lowered.maxFeePerGas).toBeLessThanOrEqual(allowed.maxFeePerGas);
        expect(lowered.maxPriorityFeePerGas).toBeLessThanOrEqual(lowered.maxFeePerGas);
        expect(lowered.maxFeePerGas * 8n >= told.nextBaseFeePerGas * 9n).toBe(true);
      }),
    );
  });

  test('outbids what a pool may hold, and waits while the chain asks for more', () => {
    const allowed = limitsBelow(refused, bounds);
    expect(loweredOffer(null, asked, allowed)).toEqual({ maxFeePerGas: 92n, maxPriorityFeePerGas: 2n });
    const pooled = { maxFeePerGas: 96n, maxPriorityFeePerGas: 4n };
    expect(loweredOffer(pooled, asked, allowed)).toEqual(leastReplacement(pooled));
    expect(loweredOffer(null, { ...asked, nextBaseFeePerGas: 140n }, allowed)).toBeNull();
  });
});

describe('a replacement', () => {
  test('is accepted by the rule of pools, is enough for the next block, and within the cap', () => {
    fc.assert(
      fc.property(held, market, limits, raise, (older, asked, bounds, how) => {
        const newer = raisedOffer(older, asked, bounds, how);
        if (newer === null) return;
        expect(poolAccepts(older, newer)).toBe(true);
        expect(newer.maxFeePerGas).toBeLessThanOrEqual(bounds.maxFeePerGas);
        expect(newer.maxPriorityFeePerGas).toBeLessThanOrEqual(newer.maxFeePerGas);
        const fresh = offerFor(asked, bounds);
        expect(newer.maxFeePerGas).toBeGreaterThanOrEqual(fresh?.maxFeePerGas ?? MAX_WEI);
        expect(newer.maxPriorityFeePerGas).toBeGreaterThanOrEqual(fresh?.maxPriorityFeePerGas ?? MAX_WEI);
        if (how === 'LAST') expect(newer.maxFeePerGas).toBe(bounds.maxFeePerGas);
      }),
    );
  });

  test('is made whenever the rule leaves room below the cap and the chain asks for no more than that', () => {
    fc.assert(
      fc.property(held, market, limits, (older, asked, bounds) => {
        const least = leastReplacement(older);
        fc.pre(least.maxFeePerGas <= bounds.maxFeePerGas && offerFor(asked, bounds) !== null);
        expect(raisedOffer(older, asked, bounds, 'EIGHTH')).not.toBeNull();
      }),
    );
  });

  test('again and again ends at the cap, never above it', () => {
    fc.assert(
      fc.property(held, market, limits, (first, asked, bounds) => {
        let offered = first;
        let rounds = 0;
        for (;;) {
          const next = raisedOffer(offered, asked, bounds, 'EIGHTH');
          if (next === null) break;
          expect(next.maxFeePerGas).toBeGreaterThan(offered.maxFeePerGas);
          offered = next;
          rounds += 1;
        }
        // An eighth more each time: 10^21 is reached in fewer.
        expect(rounds).toBeLessThan(500);
      }),
    );
  });

  test('is raised from the most that any transaction with its nonce has offered', () => {
    fc.assert(
      fc.property(fc.array(held, { minLength: 1, maxLength: 5 }), market, limits, (offers, asked, bounds) => {
        const newer = raisedOffer(mostOffered(offers), asked, bounds, 'EIGHTH');
        if (newer === null) return;
        for (const older of offers) expect(poolAccepts(older, newer)).toBe(true);
      }),
    );
  });

  test('of what every pool turned away offers twice as much, as far as the limits go', () => {
    const older = { maxFeePerGas: 60n, maxPriorityFeePerGas: 3n };
    const asked = { nextBaseFeePerGas: 20n, priorityFeePerGas: 1n };
    const bounds = { maxFeePerGas: 100n, maxPriorityFeePerGas: 5n };
    expect(raisedOffer(older, asked, bounds, 'DOUBLE')).toEqual({
      maxFeePerGas: 100n,
      maxPriorityFeePerGas: 5n,
    });
    expect(raisedOffer(older, asked, bounds, 'EIGHTH')).toEqual({
      maxFeePerGas: 68n,
      maxPriorityFeePerGas: 4n,
    });
  });

  test('of so little that an eighth rounds to nothing offers more all the same', () => {
    expect(leastReplacement({ maxFeePerGas: 1n, maxPriorityFeePerGas: 0n })).toEqual({
      maxFeePerGas: 2n,
      maxPriorityFeePerGas: 1n,
    });
  });
});
