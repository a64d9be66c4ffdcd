import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOME_OF, totalsOfCounts, totalsOfRows } from './receiptTotals.ts';

const STATUSES = Object.keys(OUTCOME_OF) as (keyof typeof OUTCOME_OF)[];
const DECIMALS = 6;

describe('totals of a receipt', () => {
  it('call paid only what is final', () => {
    expect(STATUSES.filter((status) => OUTCOME_OF[status] === 'PAID')).toEqual(['FINAL']);
  });

  it('add up to all rows and all money, to the last unit', () => {
    const row = fc.record({
      status: fc.constantFrom(...STATUSES),
      amount: fc.record({ units: fc.bigInt({ min: 1n, max: 2n ** 96n }).map(String) }),
    });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const totals = totalsOfRows(rows, DECIMALS);
        expect(totals.reduce((sum, { count }) => sum + count, 0)).toBe(rows.length);
        const units = totals.reduce((sum, { amount }) => sum + BigInt(toUnits(amount)), 0n);
        expect(units).toBe(rows.reduce((sum, { amount }) => sum + BigInt(amount.units), 0n));
      }),
    );
  });

  it('from counts name an amount only where it is certain', () => {
    const none = { pending: 0, submitted: 0, included: 0, confirmed: 0, final: 0, undelivered: 0, failed: 0 };
    expect(totalsOfCounts({ ...none, final: 3 }, '9.5')).toEqual([
      { outcome: 'PAID', count: 3, amount: '9.5' },
    ]);
    expect(totalsOfCounts({ ...none, final: 2, included: 1 }, '9.5')).toEqual([
      { outcome: 'PAID', count: 2, amount: null },
      { outcome: 'NOT_FINAL', count: 1, amount: null },
    ]);
  });
});

/** By digits alone, so that the sums may be larger than one payout. */
function toUnits(amount: string | null): string {
  const [whole = '0', fraction = ''] = (amount ?? '').split('.');
  return whole + fraction.padEnd(DECIMALS, '0');
}
