import type { Selectable, Updateable } from 'kysely';
import { InvariantError } from '../core/errors.ts';
import type { PayoutProgress } from '../events/eventPayloads.ts';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import type { PayoutBatchStatus, PayoutBatchTable } from '../prisma/generated/database.ts';
import { sourcesOf, type TransitionTable } from './transitionTable.ts';

export type PayoutBatchRow = Selectable<PayoutBatchTable>;

/**
 * A batch's life. The chain has the last word: signatures given to what was rejected or cancelled here can still be
 * brought to the Safe elsewhere, so an open that the chain executed leads to EXECUTING from there too, until openBy.
 */
export const PAYOUT_BATCH_TRANSITIONS: TransitionTable<PayoutBatchStatus> = {
  DRAFT: ['PENDING_APPROVAL', 'CANCELLED'],
  // To CANCELLING where an earlier approval of it, at another nonce, has signatures enough to be executed.
  PENDING_APPROVAL: ['APPROVED', 'REJECTED', 'CANCELLED', 'CANCELLING', 'EXPIRED', 'EXECUTING'],
  // Back when its approval went stale or lost an owner: it is asked for again.
  APPROVED: ['PENDING_APPROVAL', 'CANCELLING', 'EXPIRED', 'EXECUTING'],
  CANCELLING: ['CANCELLED', 'EXECUTING'],
  // Back when a reorg takes the open out of the chain. To an end only from final blocks.
  EXECUTING: [
    'APPROVED',
    'PENDING_APPROVAL',
    'CANCELLING',
    'EXPIRED',
    'COMPLETED',
    'PARTIALLY_FAILED',
    'FAILED',
  ],
  REJECTED: ['EXECUTING'],
  CANCELLED: ['EXECUTING'],
  COMPLETED: [],
  PARTIALLY_FAILED: [],
  FAILED: [],
  // Owners may open the same batch with a later openBy of their own.
  EXPIRED: ['EXECUTING'],
};

/** Statuses of the batches whose vaults may still do something; as in the index payout_batch_live. */
export const LIVE_BATCH_STATUSES = ['PENDING_APPROVAL', 'APPROVED', 'EXECUTING', 'CANCELLING'] as const;

/** Statuses whose total is set aside from the account's balance. */
export const RESERVING_BATCH_STATUSES = ['PENDING_APPROVAL', 'APPROVED', 'CANCELLING'] as const;

/** What nothing is to be done for any more, though the chain may still open some of it: see the transitions. */
export const ENDED_BATCH_STATUSES: readonly PayoutBatchStatus[] = [
  'COMPLETED',
  'PARTIALLY_FAILED',
  'FAILED',
  'REJECTED',
  'CANCELLED',
  'EXPIRED',
];

/** The kept counts as the log and the API show them. */
export function progressOf(batch: PayoutBatchRow): PayoutProgress {
  return {
    pending: batch.pendingCount,
    submitted: batch.submittedCount,
    included: batch.includedCount,
    confirmed: batch.confirmedCount,
    final: batch.finalCount,
    undelivered: batch.undeliveredCount,
    failed: batch.failedCount,
  };
}

/** Reads a batch and keeps others from changing it until this transaction ends; null when there is none. */
export async function lockPayoutBatch(
  database: DatabaseTransaction,
  batchId: string,
): Promise<PayoutBatchRow | null> {
  const batch = await database
    .selectFrom('payoutBatch')
    .selectAll()
    .where('id', '=', batchId)
    .forUpdate()
    .executeTakeFirst();
  return batch ?? null;
}

/**
 * Moves a locked batch to another status and tells the log.
 * @param patch other columns that change with it
 * @throws InvariantError when the table does not allow it
 */
export async function changeBatchStatus(
  work: UnitOfWork,
  batch: PayoutBatchRow,
  to: PayoutBatchStatus,
  patch: Updateable<PayoutBatchTable> = {},
): Promise<PayoutBatchRow> {
  const changed = await work.database
    .updateTable('payoutBatch')
    .set({
      blockerCode: null,
      blockerMessage: null,
      ...patch,
      status: to,
      completedAt: ENDED_BATCH_STATUSES.includes(to) ? new Date() : null,
    })
    .where('id', '=', batch.id)
    .where('status', 'in', sourcesOf(PAYOUT_BATCH_TRANSITIONS, to))
    .returningAll()
    .executeTakeFirst();
  if (changed === undefined) {
    throw new InvariantError('A payout batch cannot change so', {
      batchId: batch.id,
      from: batch.status,
      to,
    });
  }
  work.record({
    organizationId: changed.organizationId,
    type: 'PAYOUT_BATCH_STATUS_CHANGED',
    subjectId: changed.id,
    payload: { previousStatus: batch.status, status: to, progress: progressOf(changed) },
  });
  return changed;
}

/** Says why a live batch does not move, or (null) that nothing holds it. No event: it is told with the next change. */
export async function setBatchBlocker(
  database: DatabaseTransaction,
  batchId: string,
  blocker: { code: string; message: string } | null,
): Promise<void> {
  await database
    .updateTable('payoutBatch')
    .set({ blockerCode: blocker?.code ?? null, blockerMessage: blocker?.message ?? null })
    .where('id', '=', batchId)
    .execute();
}
