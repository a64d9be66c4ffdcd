import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ComparedIssue, compareIssues } from './compareIssues.ts';

const zero = (row: number): ComparedIssue => ({ code: 'AMOUNT_ZERO', row, column: 'amount', value: '0' });
const missing = (row: number): ComparedIssue => ({
  code: 'FIELD_MISSING',
  row,
  column: 'recipient',
  value: null,
});

test('of five faults three are mended, and one is new', () => {
  const earlier = [zero(2), zero(3), missing(4), missing(5), { ...zero(9), value: '0.0' }];
  const added = { ...zero(7), value: '-0' };
  const changes = compareIssues(earlier, [zero(2), missing(4), added]);
  expect(changes.goneCount).toBe(3);
  expect([...changes.added]).toEqual([added]);
});

test('a row above that was deleted makes nothing new', () => {
  const changes = compareIssues([zero(4), missing(9)], [zero(3), missing(8)]);
  expect(changes).toEqual({ goneCount: 0, added: new Set() });
});

test('the same fault in a further row is new, in that row', () => {
  const again = zero(3);
  expect(compareIssues([zero(2)], [zero(2), again])).toEqual({ goneCount: 0, added: new Set([again]) });
});

const issue = fc.record({
  code: fc.constantFrom('AMOUNT_ZERO', 'FIELD_MISSING'),
  row: fc.integer({ min: 2, max: 8 }),
  column: fc.constantFrom('amount', null),
  value: fc.constantFrom('0', '1', null),
});

test('what stayed is counted once on each side, whatever moved', () => {
  fc.assert(
    fc.property(fc.array(issue), fc.array(issue), (earlier, now) => {
      const { goneCount, added } = compareIssues(earlier, now);
      expect(earlier.length - goneCount).toBe(now.length - added.size);
      expect(compareIssues(now, now)).toEqual({ goneCount: 0, added: new Set() });
    }),
  );
});
