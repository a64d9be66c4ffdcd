import { required } from '../core/errors.ts';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction, Queryable } from '../prisma/database.ts';
import { type ApprovalRow, changeApprovalStatus, LIVE_APPROVAL_STATUSES } from './approvalStatus.ts';
import { changeBatchStatus, lockPayoutBatch } from './payoutBatchStatus.ts';
import { requestApproval } from './requestApproval.ts';

// A Safe executes its transactions in nonce order. The account's row is the lock on its queue of live approvals.

/** Keeps others from giving or freeing nonces of this account until the transaction ends; returns its next Safe nonce. */
export async function lockApprovalQueue(database: DatabaseTransaction, accountId: string): Promise<bigint> {
  const account = await database
    .selectFrom('account')
    .select('safeNonce')
    .where('id', '=', accountId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return account.safeNonce;
}

/** The live approvals of an account, in nonce order. */
export async function liveApprovals(database: Queryable, accountId: string): Promise<ApprovalRow[]> {
  return database
    .selectFrom('approval')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('status', 'in', LIVE_APPROVAL_STATUSES)
    .orderBy('safeNonce')
    .execute();
}

/** The lowest nonce from `safeNonce` on that no live approval holds. */
export function lowestFreeNonce(safeNonce: bigint, live: readonly Pick<ApprovalRow, 'safeNonce'>[]): bigint {
  const held = new Set(live.map((approval) => approval.safeNonce));
  let nonce = safeNonce;
  while (held.has(nonce)) nonce += 1n;
  return nonce;
}

/**
 * Closes the gaps that ended approvals left in an account's queue: the last approval that still waits for signatures
 * moves into each gap, as a new approval of the same batch. What has all its signatures stays: they would remain valid at
 * the old nonce, behind the back of whoever cancels the new one. So does what is being cancelled. A gap that nothing moves
 * into is the next request's.
 */
export async function closeNonceGaps(work: UnitOfWork, accountId: string): Promise<void> {
  const safeNonce = await lockApprovalQueue(work.database, accountId);
  for (;;) {
    const live = await liveApprovals(work.database, accountId);
    const free = lowestFreeNonce(safeNonce, live);
    const movable = await findLastMovable(work.database, accountId, free);
    if (movable === null) return;
    await replaceApproval(work, movable, free);
  }
}

async function findLastMovable(
  database: DatabaseTransaction,
  accountId: string,
  above: bigint,
): Promise<ApprovalRow | null> {
  const approval = await database
    .selectFrom('approval')
    .innerJoin('payoutBatch', 'payoutBatch.id', 'approval.batchId')
    .selectAll('approval')
    .where('approval.accountId', '=', accountId)
    .where('approval.status', '=', 'PENDING')
    .where('approval.safeNonce', '>', above)
    .where('payoutBatch.status', '<>', 'CANCELLING')
    .orderBy('approval.safeNonce', 'desc')
    .executeTakeFirst();
  return approval ?? null;
}

/** Makes an approval STALE and asks for the same batch at another nonce. The caller holds the queue's lock. */
export async function replaceApproval(
  work: UnitOfWork,
  stale: ApprovalRow,
  nonce: bigint,
): Promise<ApprovalRow> {
  const batch = required(await lockPayoutBatch(work.database, stale.batchId), 'The approval’s batch');
  const replacement = await requestApproval(work, {
    batch,
    kind: stale.kind,
    safeNonce: nonce,
    requestedByUserId: stale.requestedByUserId,
  });
  await changeApprovalStatus(work, stale, 'STALE', { replacedById: replacement.id });
  // Signatures given to these very bytes before count again.
  const isSigned = replacement.status === 'APPROVED';
  if (batch.status === 'APPROVED' && !isSigned) await changeBatchStatus(work, batch, 'PENDING_APPROVAL');
  if (batch.status === 'PENDING_APPROVAL' && isSigned && stale.kind === 'PAYOUT_OPEN') {
    await changeBatchStatus(work, batch, 'APPROVED');
  }
  return replacement;
}
