import { expect, test } from 'vitest';
import type { TransactionStatus } from '../prisma/generated/database.ts';
import { type Finality, isOverForGood } from './finality.ts';

const RELAYER = '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720';
const finality: Finality = { blockNumber: 100n, nonces: new Map([[RELAYER, 7n]]) };

test.each<[TransactionStatus, bigint | null, bigint, boolean]>([
  ['SIGNED', null, 0n, false],
  ['BROADCAST', null, 0n, false],
  ['INCLUDED', 90n, 0n, false],
  ['CONFIRMED', 90n, 0n, false],
  ['FINAL', 90n, 0n, true],
  ['REVERTED', 100n, 9n, true],
  ['REVERTED', 101n, 0n, false],
  ['REPLACED', null, 6n, true],
  ['REPLACED', null, 7n, false],
])('%s in block %s with nonce %s: over is %s', (status, blockNumber, nonce, over) => {
  expect(isOverForGood({ status, blockNumber, sender: RELAYER, nonce }, finality)).toBe(over);
});

test('nothing is concluded about a relayer whose final nonce is not known', () => {
  const replaced = { status: 'REPLACED', blockNumber: null, sender: '0xother', nonce: 0n } as const;
  expect(isOverForGood(replaced, finality)).toBe(false);
});
