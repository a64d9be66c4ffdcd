import { type Address, getAddress, type Hex, toHex } from 'viem';
import { readSafe, type SafeState } from '../chains/evm/client/readSafe.ts';
import { encodeExecTransaction } from '../chains/evm/codec/encodeExecTransaction.ts';
import type { OwnerSignature } from '../chains/evm/codec/packSafeSignatures.ts';
import { recoverSafeSigner, SafeSignatureError } from '../chains/evm/codec/recoverSafeSigner.ts';
import { safeTransactionHash } from '../chains/evm/codec/safeTransaction.ts';
import type { Queryable } from '../prisma/database.ts';
import { liveApprovals, lowestFreeNonce } from '../transitions/approvalQueue.ts';
import type { ApprovalRow } from '../transitions/approvalStatus.ts';
import { safeTransactionOf } from '../transitions/requestApproval.ts';
import type { Blocker } from './blocker.ts';
import type { LoadedBatch } from './loadBatch.ts';
import { checkedClientOf, type PayoutEngine } from './payoutEngine.ts';

/** What executes an approval, or why it cannot be executed now. */
export type ApprovalCheck =
  | { readonly ready: true; readonly data: Hex }
  | { readonly ready: false; readonly blocker: Blocker };

/**
 * Compares an approval with its account as the chain's head has it: that its nonce is next, and that its stored
 * signatures are by enough of the owners of now, over the digest of what would be executed.
 */
export async function checkApproval(
  engine: PayoutEngine,
  loaded: LoadedBatch,
  approval: ApprovalRow,
): Promise<ApprovalCheck> {
  const safe = await readSafe(checkedClientOf(engine, loaded.chain.eip155ChainId), loaded.safe);
  if (safe === null)
    return blocked('WAITS_FOR_NONCE', 'The account is not on chain at the moment: a block was taken back.');
  if (safe.nonce < approval.safeNonce) {
    return { ready: false, blocker: await describeWait(engine.log.database, approval, safe.nonce) };
  }
  if (safe.nonce > approval.safeNonce) {
    return blocked(
      'NONCE_USED',
      `The account's nonce ${approval.safeNonce} was used by another transaction. A new approval is asked for once that is final.`,
    );
  }
  const transaction = safeTransactionOf(approval);
  const digest = safeTransactionHash({ chainId: loaded.chain.eip155ChainId, safe: loaded.safe }, transaction);
  if (digest !== approval.digest) {
    return blocked('ROWS_DO_NOT_MATCH', 'Nothing was sent: the approved digest is of another transaction.');
  }
  const signatures = await countedSignatures(engine.log.database, approval, digest, safe);
  if (signatures.length < safe.threshold) {
    return blocked(
      'SIGNATURES_MISSING',
      `The account asks for ${safe.threshold} signatures of its owners; ${signatures.length} of those given count.`,
    );
  }
  return { ready: true, data: encodeExecTransaction(transaction, signatures.slice(0, safe.threshold)) };
}

/** What has all its signatures does not move into a gap before it: somebody must fill that one. */
async function describeWait(database: Queryable, approval: ApprovalRow, next: bigint): Promise<Blocker> {
  const { safeNonce, accountId } = approval;
  const unused = lowestFreeNonce(next, await liveApprovals(database, accountId));
  if (unused < safeNonce) {
    return {
      code: 'NONCE_UNUSED',
      message: `The account executes in order: this has nonce ${safeNonce}, and nothing here uses nonce ${unused} before it. Submit another batch of this account, which takes it, or execute a transaction with nonce ${unused} in another tool for Safes: a rejection, which does nothing, is enough.`,
    };
  }
  return {
    code: 'WAITS_FOR_NONCE',
    message: `The account executes in order: this is its transaction ${safeNonce}, and others come first.`,
  };
}

function blocked(code: Blocker['code'], message: string): ApprovalCheck {
  return { ready: false, blocker: { code, message } };
}

/** Stored signatures that the chain will count: recovered again, by whoever owns the account now. */
async function countedSignatures(
  database: Queryable,
  approval: ApprovalRow,
  digest: Hex,
  safe: SafeState,
): Promise<OwnerSignature[]> {
  const decisions = await database
    .selectFrom('approvalDecision')
    .select('signature')
    .where('approvalId', '=', approval.id)
    .where('verdict', '=', 'GRANTED')
    .orderBy('id')
    .execute();
  const owners = new Set<Address>(safe.owners.map((owner) => getAddress(owner)));
  const counted = new Map<Address, Hex>();
  for (const { signature } of decisions) {
    if (signature === null) continue;
    const owner = await signerOf(toHex(signature), digest);
    if (owner !== null && owners.has(owner)) counted.set(owner, toHex(signature));
  }
  return [...counted].map(([owner, signature]) => ({ owner, signature }));
}

async function signerOf(signature: Hex, digest: Hex): Promise<Address | null> {
  try {
    return getAddress(await recoverSafeSigner(signature, digest));
  } catch (error) {
    if (error instanceof SafeSignatureError) return null;
    throw error;
  }
}
