import { type Address, getAddress, type Hex } from 'viem';
import { closeTransaction } from './closeTransaction.ts';
import type { IntentPins, IntentSubject, PayoutCloseIntent, UnknownIntent } from './intent.ts';
import { expectPlainTransaction, intentFaults } from './intentFaults.ts';
import { safeTransactionHash } from './safeTransaction.ts';
import { vaultAddress } from './vaultAddress.ts';

export type CloseIntentSubject = IntentSubject & { readonly batchId: Hex; readonly pins: IntentPins };

/**
 * What a Safe transaction that closes a batch early will do: a plain call of `close()` on the vault that follows from
 * the Safe, the batch id and the reader's pins. How much comes back is for the chain to say; only the payer can get it.
 *
 * Never throws, whatever the bytes: what it does not understand is UNKNOWN, with reasons.
 */
export function decodeCloseIntent(subject: CloseIntentSubject): PayoutCloseIntent | UnknownIntent {
  const { chainId, safe, nonce, transaction, batchId, pins } = subject;
  const faults = intentFaults();
  try {
    const vault = vaultAddress({ ...pins, payer: safe, batchId });
    expectPlainTransaction(faults, subject, vault, 0);
    faults.expect('The transaction’s data', transaction.data, closeTransaction({ vault, nonce }).data);
    if (faults.reasons.length === 0) {
      const digest = safeTransactionHash({ chainId, safe }, transaction);
      return describe({ chainId, safe, nonce, batchId, pins, vault, digest });
    }
  } catch (cause) {
    faults.reasons.push(
      `The request cannot be read: ${cause instanceof Error ? cause.message.split('\n', 1)[0] : 'unknown fault'}`,
    );
  }
  return { kind: 'UNKNOWN', reasons: faults.reasons };
}

type VerifiedClosing = Omit<CloseIntentSubject, 'transaction'> & {
  readonly vault: Address;
  readonly digest: Hex;
};

function describe({
  chainId,
  safe,
  nonce,
  batchId,
  pins,
  vault,
  digest,
}: VerifiedClosing): PayoutCloseIntent {
  return {
    kind: 'PAYOUT_CLOSE',
    summary: `Close the batch and return what its vault holds, in ${pins.token.symbol}, to the Safe. Payouts not yet delivered will not be paid.`,
    lines: [
      { label: 'Returned to', value: `${getAddress(safe)} on eip155:${chainId}` },
      { label: 'Safe nonce', value: `${nonce}` },
      { label: 'Vault', value: vault },
      { label: 'Batch', value: batchId },
      { label: 'Token', value: getAddress(pins.token.address) },
    ],
    warnings: [],
    digest,
    vault,
  };
}
