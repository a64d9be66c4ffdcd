import { expect, it } from 'vitest';
import { whatIsUnderWay } from './whatIsUnderWay.ts';

it.each([
  [0, 0, { key: 'nothingUnderWay', count: 0 }],
  // An open, behind which nothing is paid yet.
  [0, 1, { key: 'unpaidUnderWay', count: 1 }],
  [3, 2, { key: 'underWay', count: 3 }],
])('%i payouts of %i transactions', (payoutCount, transactionCount, said) => {
  expect(whatIsUnderWay({ payoutCount, transactionCount })).toEqual(said);
});
