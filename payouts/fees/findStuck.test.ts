import { expect, test } from 'vitest';
import { findStuck, PATIENCE_BLOCKS, SENDS_BEFORE_RAISING, type WaitingTransaction } from './findStuck.ts';

const market = { nextBaseFeePerGas: 100n, priorityFeePerGas: 5n };

function waiting(nonce: bigint, change: Partial<WaitingTransaction> = {}): WaitingTransaction {
  return {
    ...{ id: `${nonce}`, nonce, status: 'BROADCAST', broadcastCount: 1, isReplacement: false },
    lastRefusal: null,
    offered: { maxFeePerGas: 200n, maxPriorityFeePerGas: 5n },
    ...change,
  };
}
const below = { offered: { maxFeePerGas: 99n, maxPriorityFeePerGas: 5n } };
const patient = { broadcastCount: SENDS_BEFORE_RAISING };

function stuck(transactions: readonly WaitingTransaction[], headBlocks = 0n) {
  return findStuck(transactions, 7n, market, headBlocks).map(
    ({ transaction, reason }) => `${transaction.nonce} ${reason}`,
  );
}

test('what offers enough and was sent a moment ago is left alone', () => {
  expect(stuck([waiting(7n), waiting(8n)], PATIENCE_BLOCKS)).toEqual([]);
});

test('what offers less than the next base fee is raised, first come first', () => {
  expect(stuck([waiting(7n, below), waiting(8n), waiting(9n, below)])).toEqual([
    '7 BELOW_BASE_FEE',
    '9 BELOW_BASE_FEE',
  ]);
});

test('what was not sent yet, and what is behind it or behind a gap, does not wait for its fees', () => {
  expect(stuck([waiting(7n, { ...below, broadcastCount: 0 }), waiting(8n, below)])).toEqual([]);
  expect(stuck([waiting(7n, below), waiting(9n, below)])).toEqual(['7 BELOW_BASE_FEE']);
  expect(stuck([waiting(8n, below)])).toEqual([]);
});

test('blocks that pass over the first: the same bytes first, then higher fees', () => {
  const first = waiting(7n, { broadcastCount: SENDS_BEFORE_RAISING - 1 });
  expect(stuck([first], PATIENCE_BLOCKS)).toEqual([]);
  expect(stuck([waiting(7n, patient)], PATIENCE_BLOCKS - 1n)).toEqual([]);
  expect(stuck([waiting(7n, patient)], PATIENCE_BLOCKS)).toEqual(['7 PASSED_OVER']);
});

test('behind one that is passed over, only what offers a smaller tip than now is raised with it', () => {
  const cheap = { offered: { maxFeePerGas: 200n, maxPriorityFeePerGas: 4n } };
  expect(stuck([waiting(7n, patient), waiting(8n, cheap), waiting(9n)], PATIENCE_BLOCKS)).toEqual([
    '7 PASSED_OVER',
    '8 PASSED_OVER',
  ]);
  expect(stuck([waiting(7n), waiting(8n, { ...cheap, ...patient })], PATIENCE_BLOCKS)).toEqual([]);
});

test('a replacement that every node turned away is raised from what they may hold', () => {
  const refused = { status: 'SIGNED', lastRefusal: 'REPLACEMENT_UNDERPRICED' } as const;
  expect(stuck([waiting(7n, { ...refused, isReplacement: true })])).toEqual(['7 TURNED_AWAY']);
  expect(stuck([waiting(7n, refused)])).toEqual([]);
});

const NOT_FOR_ITS_FEES = [
  'POOL_FULL',
  'INSUFFICIENT_FUNDS',
  'IN_FLIGHT_LIMIT',
  'NONCE_TOO_HIGH',
  'OTHER',
] as const;
test.each(NOT_FOR_ITS_FEES)(
  'what is turned away as %s is not raised, however long it waits',
  (lastRefusal) => {
    const refused = { ...patient, status: 'SIGNED', lastRefusal } as const;
    expect(stuck([waiting(7n, refused)], PATIENCE_BLOCKS)).toEqual([]);
    expect(stuck([waiting(7n, { ...refused, isReplacement: true })], PATIENCE_BLOCKS)).toEqual([]);
  },
);

test('what no node answered to is no replacement that was turned away', () => {
  expect(stuck([waiting(7n, { status: 'SIGNED', isReplacement: true })])).toEqual([]);
});

test('what offers more than its nodes let anybody offer is to be lowered, and raised for nothing', () => {
  const capped = { status: 'SIGNED', lastRefusal: 'FEE_CAP', isReplacement: true, ...patient } as const;
  expect(stuck([waiting(7n, capped)], PATIENCE_BLOCKS)).toEqual(['7 ABOVE_NODE_CAP']);
  expect(stuck([waiting(7n, { ...capped, ...below })])).toEqual(['7 ABOVE_NODE_CAP']);
});
