import { type Address, type Hex, keccak256, stringToBytes } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { closeTransaction } from '../../chains/evm/codec/closeTransaction.ts';
import { encodeExecTransaction } from '../../chains/evm/codec/encodeExecTransaction.ts';
import { type OpenParams, openTransaction } from '../../chains/evm/codec/openTransaction.ts';
import { packSafeSignatures } from '../../chains/evm/codec/packSafeSignatures.ts';
import { safeAddress } from '../../chains/evm/codec/safeAddress.ts';
import { type SafeTransaction, safeTransactionHash } from '../../chains/evm/codec/safeTransaction.ts';

/** Keys from labels: they guard nothing. */
const OWNERS = ['first', 'second', 'third'].map((label) =>
  privateKeyToAccount(digestOf(`vector owner ${label}`)),
);

/**
 * Safe transactions with their EIP-712 hashes, two owners' signatures and the calldata that executes them; flat, one
 * object a case, as in chunks.json. Numbers are decimal strings.
 */
export async function safeVectors(): Promise<Record<string, unknown>> {
  const transactions: Record<string, SafeTransaction> = {
    open: openTransaction(
      { factory: addressOf('factory'), vault: addressOf('vault'), nonce: 0n },
      openParams(12_345_678n, 7),
    ),
    openLarge: openTransaction(
      { factory: addressOf('factory'), vault: addressOf('vault'), nonce: 41n },
      openParams(2n ** 96n * 100_000n, 500),
    ),
    close: closeTransaction({ vault: addressOf('vault'), nonce: 1n }),
  };
  const cases = await Promise.all(
    Object.entries(transactions).map(
      async ([name, transaction]) => [name, await safeCase(transaction)] as const,
    ),
  );
  return { cases: cases.map(([name]) => name), ...Object.fromEntries(cases) };
}

async function safeCase(transaction: SafeTransaction) {
  const chainId = 31337;
  const owners = OWNERS.map(({ address }) => address);
  const safe = safeAddress({ owners, threshold: 2, saltNonce: 7n });
  const hash = safeTransactionHash({ chainId, safe }, transaction);
  const signatures = await Promise.all(
    OWNERS.slice(0, 2).map(async (owner) => ({
      owner: owner.address,
      signature: await owner.sign({ hash }),
    })),
  );
  return {
    chainId,
    owners,
    threshold: 2,
    saltNonce: '7',
    safe,
    to: transaction.to,
    value: transaction.value.toString(),
    data: transaction.data,
    operation: transaction.operation,
    nonce: transaction.nonce.toString(),
    hash,
    signatures: packSafeSignatures(signatures),
    execTransaction: encodeExecTransaction(transaction, signatures),
  };
}

function openParams(total: bigint, chunkCount: number): OpenParams {
  return {
    batchId: `0x${'00'.repeat(16)}${digestOf('batch').slice(2, 34)}`,
    token: addressOf('token'),
    total,
    root: digestOf('root'),
    chunkCount,
    gasPerPayout: 70_000,
    openBy: 1_800_000_000n,
    closeAfter: 1_800_604_800n,
  };
}

function digestOf(label: string): Hex {
  return keccak256(stringToBytes(label));
}

function addressOf(label: string): Address {
  return `0x${digestOf(label).slice(26)}`;
}
