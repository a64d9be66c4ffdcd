import { expect, test } from 'vitest';
import { parseAnswer, receiptAnswer } from './nodeAnswer.ts';
import { receiptFee } from './readReceipt.ts';

const hash = `0x${'ab'.repeat(32)}`;
const answer = {
  ...{ transactionHash: hash, blockHash: hash, status: '0x1', logs: [] },
  ...{ gasUsed: '0x5208', effectiveGasPrice: '0x3b9aca00' },
};

test.each([
  ['a chain that charges for gas alone', {}, 21_000_000_000_000n],
  ['a node that says it has no data fee', { l1Fee: null }, 21_000_000_000_000n],
  ['the OP stack', { l1Fee: '0x1d1a94a2000', l1GasPrice: '0x1' }, 23_000_000_000_000n],
])('what a transaction cost on %s', (_, more, units) => {
  expect(receiptFee(parseAnswer(receiptAnswer, { ...answer, ...more }, 'receipt'))).toBe(units);
});
