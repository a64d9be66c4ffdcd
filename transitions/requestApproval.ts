import { getAddress, toBytes, toHex } from 'viem';
import { closeTransaction } from '../chains/evm/codec/closeTransaction.ts';
import { openTransaction } from '../chains/evm/codec/openTransaction.ts';
import {
  plainSafeTransaction,
  type SafeTransaction,
  safeTransactionHash,
} from '../chains/evm/codec/safeTransaction.ts';
import { required } from '../core/errors.ts';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { ApprovalKind } from '../prisma/generated/database.ts';
import { type ApprovalRow, changeApprovalStatus } from './approvalStatus.ts';
import { type BatchPlace, batchTerms, loadBatchPlace } from './batchTerms.ts';
import { isThresholdReached } from './isThresholdReached.ts';
import type { PayoutBatchRow } from './payoutBatchStatus.ts';

/** What an approval asks for. `batch.openBy` and `closeAfter` are set. */
export type ApprovalRequest = {
  batch: PayoutBatchRow;
  kind: ApprovalKind;
  safeNonce: bigint;
  requestedByUserId: string;
};

/** Writes a PENDING approval for a batch's open or close, with the Safe transaction and its digest, and tells the log. */
export async function requestApproval(work: UnitOfWork, request: ApprovalRequest): Promise<ApprovalRow> {
  const { batch, kind, safeNonce } = request;
  const place = await loadBatchPlace(work.database, batch);
  const transaction =
    kind === 'PAYOUT_CLOSE'
      ? closeTransaction({ vault: getAddress(batch.vaultAddress), nonce: safeNonce })
      : buildOpen(batch, place, safeNonce);
  const approval = await work.database
    .insertInto('approval')
    .values({
      organizationId: batch.organizationId,
      accountId: batch.accountId,
      chainId: batch.chainId,
      batchId: batch.id,
      kind,
      status: 'PENDING',
      safeNonce,
      transactionTo: transaction.to,
      transactionData: Buffer.from(toBytes(transaction.data)),
      transactionOperation: transaction.operation,
      digest: safeTransactionHash({ chainId: place.chainId, safe: place.safe }, transaction),
      // A close carries no deadline of its own; after closeAfter anyone may close and nobody needs to approve it.
      expiresAt: required(kind === 'PAYOUT_OPEN' ? batch.openBy : batch.closeAfter, 'The batch’s deadline'),
      requestedByUserId: request.requestedByUserId,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  work.record({
    organizationId: batch.organizationId,
    type: 'APPROVAL_REQUESTED',
    subjectId: approval.id,
    payload: { payoutBatchId: batch.id },
  });
  return countEarlierSignatures(work, approval);
}

/**
 * A signature is over the digest, whichever approval asked for it: where the batch had this nonce before, what was signed
 * then is valid on chain now, and must count here too.
 */
async function countEarlierSignatures(work: UnitOfWork, approval: ApprovalRow): Promise<ApprovalRow> {
  const copied = await work.database
    .insertInto('approvalDecision')
    .columns([
      'approvalId',
      'organizationId',
      'signerAddress',
      'signerId',
      'userId',
      'verdict',
      'signature',
      'decidedAt',
    ])
    .expression((eb) =>
      eb
        .selectFrom('approvalDecision as decision')
        .innerJoin('approval as earlier', 'earlier.id', 'decision.approvalId')
        .select((row) => [
          row.val(approval.id).as('approvalId'),
          'decision.organizationId',
          'decision.signerAddress',
          'decision.signerId',
          'decision.userId',
          'decision.verdict',
          'decision.signature',
          'decision.decidedAt',
        ])
        .where('earlier.digest', '=', approval.digest)
        .where('earlier.accountId', '=', approval.accountId)
        .where('earlier.id', '<>', approval.id)
        .where('decision.verdict', '=', 'GRANTED'),
    )
    .onConflict((conflict) => conflict.columns(['approvalId', 'signerAddress']).doNothing())
    .executeTakeFirst();
  if (copied.numInsertedOrUpdatedRows === 0n) return approval;
  const account = await work.database
    .selectFrom('account')
    .select(['owners', 'threshold'])
    .where('id', '=', approval.accountId)
    .executeTakeFirstOrThrow();
  if (!(await isThresholdReached(work.database, approval, account))) return approval;
  await work.enqueue('batch.advance', { batchId: approval.batchId }, approval.batchId);
  return changeApprovalStatus(work, approval, 'APPROVED');
}

/** The Safe transaction whose digest an approval's signers sign. */
export function safeTransactionOf(approval: ApprovalRow): SafeTransaction {
  return plainSafeTransaction({
    to: getAddress(approval.transactionTo),
    data: toHex(approval.transactionData),
    operation: approval.transactionOperation === 1 ? 1 : 0,
    nonce: approval.safeNonce,
  });
}

function buildOpen(batch: PayoutBatchRow, place: BatchPlace, nonce: bigint): SafeTransaction {
  const { factory } = place;
  return openTransaction({ factory, vault: getAddress(batch.vaultAddress), nonce }, batchTerms(batch, place));
}
