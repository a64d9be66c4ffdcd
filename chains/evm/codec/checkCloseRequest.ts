import type { Address, Hex } from 'viem';
import { closeTransaction } from './closeTransaction.ts';
import { compareTypedData } from './compareTypedData.ts';
import { decodeCloseIntent } from './decodeCloseIntent.ts';
import type { IntentPins, PayoutCloseIntent } from './intent.ts';
import { collectDifferences, type RefusedRequest } from './requestDifference.ts';
import { safeTransactionHash, safeTypedData } from './safeTransaction.ts';
import { vaultAddress } from './vaultAddress.ts';

type CloseSubject = {
  /** `batchId` of the batch to be closed, from its manifest or from the batch that people were shown. */
  readonly own: IntentPins & { readonly chainId: number; readonly safe: Address; readonly batchId: Hex };
  /** What the server asks to be signed. Nothing of it is trusted; `typedData` is compared and never signed. */
  readonly request: { readonly digest: string; readonly typedData: unknown; readonly nonce: bigint };
  readonly expected?: { readonly nonce?: bigint };
};

/** May be signed: `digest`, or `typedData` by a wallet. Both were computed here. */
export type SoundClosing = {
  readonly kind: 'SOUND';
  readonly intent: PayoutCloseIntent;
  readonly digest: Hex;
  readonly typedData: ReturnType<typeof safeTypedData>;
};

/**
 * Rebuilds the early closing of a batch from what the approver knows, and compares it with what the server asks to be
 * signed. Never throws, whatever the server sent.
 */
export function checkCloseRequest({
  own,
  request,
  expected = {},
}: CloseSubject): SoundClosing | RefusedRequest {
  const { chainId, safe, batchId, factory, implementation, token } = own;
  const { nonce } = request;
  const differences = collectDifferences();
  const { found, expect } = differences;
  try {
    const vault = vaultAddress({ payer: safe, batchId, factory, implementation });
    const transaction = closeTransaction({ vault, nonce });
    const pins = { factory, implementation, token };
    const intent = decodeCloseIntent({ chainId, safe, nonce, transaction, batchId, pins });
    if (expected.nonce !== undefined) {
      expect({ what: 'NONCE', source: 'REQUEST', name: 'The Safe’s nonce' }, expected.nonce, nonce);
    }
    const typedData = safeTypedData({ chainId, safe }, transaction);
    found.push(...compareTypedData(typedData, request.typedData));
    const digest = safeTransactionHash({ chainId, safe }, transaction);
    expect({ what: 'DIGEST', source: 'REQUEST', name: 'The digest' }, digest, request.digest);
    if (intent.kind === 'PAYOUT_CLOSE' && found.length === 0)
      return { kind: 'SOUND', intent, digest, typedData };
    const reasons = intent.kind === 'UNKNOWN' ? intent.reasons : [];
    for (const sentence of reasons) found.push(fault(sentence));
  } catch (cause) {
    found.push(
      fault(`The request cannot be rebuilt: ${cause instanceof Error ? cause.message : 'unknown fault'}`),
    );
  }
  return { kind: 'REFUSED', differences: found, differentRowCount: 0 };
}

function fault(sentence: string) {
  return { what: 'INTENT', source: 'REQUEST', expected: null, found: null, sentence } as const;
}
