import fc from 'fast-check';
import { type Hex, keccak256, parseTransaction, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { signTransaction } from './signTransaction.ts';

const key = privateKeyToAccount(`0x${'ab'.repeat(32)}`);
const word = fc.bigInt(0n, 2n ** 256n - 1n);
const transactions = fc.record({
  chainId: fc.integer({ min: 1, max: 2 ** 48 }),
  nonce: fc.bigInt(0n, 2n ** 48n),
  to: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => toHex(bytes)),
  data: fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => toHex(bytes)),
    fc.constantFrom<Hex[]>('0x', '0x00', '0x7f', '0x80', `0x${'cd'.repeat(6_600)}`),
  ),
  gas: fc.bigInt(0n, 2n ** 64n - 1n),
  maxFeePerGas: word,
});

test('the bytes are those that viem signs', async () => {
  await fc.assert(
    fc.asyncProperty(transactions, fc.nat({ max: 100 }), async (transaction, percent) => {
      const maxPriorityFeePerGas = (transaction.maxFeePerGas * BigInt(percent)) / 100n;
      const { hash, rawTransaction } = await signTransaction(key, { ...transaction, maxPriorityFeePerGas });
      const { nonce, ...fields } = transaction;
      const expected = await key.signTransaction({
        ...{ type: 'eip1559', value: 0n, nonce: Number(nonce), ...fields, maxPriorityFeePerGas },
      });
      expect(`0x${rawTransaction.toString('hex')}`).toBe(expected);
      expect(hash).toBe(keccak256(expected));
    }),
    { numRuns: 60 },
  );
});

test('a signature whose r or s begins with zeros is the key’s all the same', async () => {
  const word = (hex: string) => hex.padStart(64, '0');
  for (const [r, s, v] of [
    ['1', 'abcd', '1b'],
    [`00${'7f'.repeat(31)}`, `0000${'11'.repeat(30)}`, '1c'],
  ] as const) {
    const signature: Hex = `0x${word(r)}${word(s)}${v}`;
    const unsigned = { chainId: 1, nonce: 0n, to: key.address, data: '0x', gas: 21_000n } as const;
    const fees = { maxFeePerGas: 2n, maxPriorityFeePerGas: 1n };
    const signer = { address: key.address, sign: async () => signature };
    const { rawTransaction } = await signTransaction(signer, { ...unsigned, ...fees });
    const parsed = parseTransaction(`0x02${rawTransaction.subarray(1).toString('hex')}`);
    expect([parsed.r, parsed.s, parsed.yParity].map((part) => BigInt(part ?? -1))).toEqual([
      BigInt(`0x${r}`),
      BigInt(`0x${s}`),
      v === '1c' ? 1n : 0n,
    ]);
  }
});
