import fc from 'fast-check';
import { type Address, bytesToHex, hexToBytes } from 'viem';
import { describe, expect, test } from 'vitest';
import { testPins, testTerms } from './arbitraryBatch.testkit.ts';
import { closeTransaction } from './closeTransaction.ts';
import { type CloseIntentSubject, decodeCloseIntent } from './decodeCloseIntent.ts';
import { type SafeTransaction, safeTransactionHash } from './safeTransaction.ts';
import { vaultAddress } from './vaultAddress.ts';

const other: Address = `0x${'77'.repeat(20)}`;
const vault = vaultAddress(testTerms);
const transaction = closeTransaction({ vault, nonce: 9n });
const subject: CloseIntentSubject = {
  chainId: testTerms.chainId,
  safe: testTerms.payer,
  nonce: 9n,
  transaction,
  batchId: testTerms.batchId,
  pins: testPins,
};

function kindOf(changes: Partial<CloseIntentSubject>): string {
  return decodeCloseIntent({ ...subject, ...changes }).kind;
}

describe('decodeCloseIntent', () => {
  test('tells a closing as we build it', () => {
    expect(decodeCloseIntent(subject)).toMatchObject({
      kind: 'PAYOUT_CLOSE',
      vault,
      digest: safeTransactionHash(subject, transaction),
      summary: expect.stringContaining('Close the batch'),
    });
  });

  test.each([
    ['to', other],
    ['value', 1n],
    ['operation', 1],
    ['data', '0x'],
    ['data', `${transaction.data}00`],
    ['data', undefined],
    ['safeTxGas', 1n],
    ['baseGas', 1n],
    ['gasPrice', 1n],
    ['gasToken', other],
    ['refundReceiver', other],
    ['nonce', 8n],
  ])('refuses another %s', (field, value) => {
    expect(kindOf({ transaction: { ...transaction, [field]: value } as SafeTransaction })).toBe('UNKNOWN');
  });

  test.each([
    ['Safe', { safe: other }],
    ['nonce', { nonce: 8n }],
    ['batch', { batchId: `0x${'11'.repeat(32)}` }],
    ['broken batch id', { batchId: '0x11' }],
    ['factory', { pins: { ...testPins, factory: other } }],
    ['implementation', { pins: { ...testPins, implementation: other } }],
    ['transaction', { transaction: null as unknown as SafeTransaction }],
  ] as const)('refuses another %s', (_, changes) => {
    expect(kindOf(changes)).toBe('UNKNOWN');
  });

  test('refuses other bytes, without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const data = bytesToHex(bytes);
        fc.pre(data !== transaction.data);
        return kindOf({ transaction: { ...transaction, data } }) === 'UNKNOWN';
      }),
    );
    expect(hexToBytes(transaction.data)).toHaveLength(4);
  });
});
