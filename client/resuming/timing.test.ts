import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_TIMING, FIRST_RETRY_DELAY_MS, MAX_RETRY_DELAY_MS, retryDelayMs } from './timing.ts';

test('waits double up to the limit, between half of it and all of it', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 10_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, chance) => {
        const delay = retryDelayMs(failures, DEFAULT_TIMING, () => chance);
        const whole = Math.min(MAX_RETRY_DELAY_MS, FIRST_RETRY_DELAY_MS * 2 ** failures);
        expect(delay).toBeGreaterThanOrEqual(whole / 2);
        expect(delay).toBeLessThanOrEqual(whole);
      },
    ),
  );
});
