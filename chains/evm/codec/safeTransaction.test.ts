import fc from 'fast-check';
import { bytesToHex, concatHex, encodeAbiParameters, type Hex, hashTypedData, keccak256 } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, test } from 'vitest';
import { arbitraryAddress } from './arbitraryBatch.testkit.ts';
import { recoverSafeSigner } from './recoverSafeSigner.ts';
import {
  plainSafeTransaction,
  type SafeTransaction,
  safeTransactionHash,
  safeTypedData,
} from './safeTransaction.ts';

// The two constants of Safe 1.4.1's source.
const DOMAIN_SEPARATOR_TYPEHASH = '0x47e79534a245952e8b16893a336b85a3d9ea9fa8c573f3d803afb92a79469218';
const SAFE_TX_TYPEHASH = '0xbb8310d486368db6bd6f849402fdd73ad53d316b5a4b2644ad6efe0f941286d8';

const uint256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const arbitraryTransaction: fc.Arbitrary<SafeTransaction> = fc.record({
  to: arbitraryAddress,
  value: uint256,
  data: fc.uint8Array({ maxLength: 100 }).map((bytes) => bytesToHex(bytes)),
  operation: fc.constantFrom(0, 1),
  safeTxGas: uint256,
  baseGas: uint256,
  gasPrice: uint256,
  gasToken: arbitraryAddress,
  refundReceiver: arbitraryAddress,
  nonce: uint256,
});

/** `getTransactionHash` as Safe.sol writes it. */
function referenceHash(chainId: number, safe: Hex, tx: SafeTransaction): Hex {
  const words = (types: string[], values: unknown[]) =>
    encodeAbiParameters(
      types.map((type) => ({ type })),
      values,
    );
  const separator = keccak256(
    words(['bytes32', 'uint256', 'address'], [DOMAIN_SEPARATOR_TYPEHASH, chainId, safe]),
  );
  const struct = keccak256(
    words(
      [
        'bytes32',
        'address',
        'uint256',
        'bytes32',
        'uint8',
        'uint256',
        'uint256',
        'uint256',
        'address',
        'address',
        'uint256',
      ],
      [
        SAFE_TX_TYPEHASH,
        tx.to,
        tx.value,
        keccak256(tx.data),
        tx.operation,
        tx.safeTxGas,
        tx.baseGas,
        tx.gasPrice,
        tx.gasToken,
        tx.refundReceiver,
        tx.nonce,
      ],
    ),
  );
  return keccak256(concatHex(['0x1901', separator, struct]));
}

test('the hash is the one that Safe computes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 }),
      arbitraryAddress,
      arbitraryTransaction,
      (chainId, safe, transaction) => {
        expect(safeTransactionHash({ chainId, safe }, transaction)).toBe(
          referenceHash(chainId, safe, transaction),
        );
      },
    ),
  );
});

test('what a wallet gets as JSON has the same hash, and its signature recovers', async () => {
  const account = privateKeyToAccount(`0x${'11'.repeat(32)}`);
  const domain = { chainId: 31337, safe: account.address };
  const transaction = plainSafeTransaction({
    to: account.address,
    operation: 0,
    data: '0x1234',
    nonce: 2n ** 200n,
  });
  const typedData = JSON.parse(JSON.stringify(safeTypedData(domain, transaction)));
  const digest = safeTransactionHash(domain, transaction);
  expect(hashTypedData(typedData)).toBe(digest);
  expect(await recoverSafeSigner(await account.signTypedData(typedData), digest)).toBe(account.address);
});
