import { sql } from 'kysely';
import { InvariantError } from '../core/errors.ts';
import type { PayoutRange } from '../events/eventPayloads.ts';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import type { PayoutBatchStatus, PayoutStatus } from '../prisma/generated/database.ts';
import { changeBatchStatus, lockPayoutBatch, type PayoutBatchRow, progressOf } from './payoutBatchStatus.ts';

type Counts = Pick<
  PayoutBatchRow,
  | 'pendingCount'
  | 'submittedCount'
  | 'includedCount'
  | 'confirmedCount'
  | 'finalCount'
  | 'undeliveredCount'
  | 'failedCount'
>;

/** What happened to a batch's rows, and how to tell it. */
export type Settlement = {
  batchId: string;
  /** Row ranges whose status changed; may be empty when only the vault did. */
  changes: readonly PayoutRange[];
  /** True when the chain took blocks back. */
  reorged: boolean;
};

/**
 * Brings a batch's kept counts and status in line with its chunks and exceptions, and tells the log: one entry for the
 * rows, one more when the batch's status changed. Call it in the transaction that changed them.
 */
export async function settleBatch(work: UnitOfWork, settlement: Settlement): Promise<PayoutBatchRow> {
  const before = await lockPayoutBatch(work.database, settlement.batchId);
  if (before === null)
    throw new InvariantError('The batch to settle is missing', { batchId: settlement.batchId });
  const counts = await countRows(work.database, settlement.batchId);
  await work.database.updateTable('payoutBatch').set(counts).where('id', '=', before.id).execute();
  const counted = { ...before, ...counts };
  // Rows first: who stops listening at the batch's last status has been told of every row.
  if (settlement.changes.length > 0) {
    work.record({
      organizationId: counted.organizationId,
      type: settlement.reorged ? 'PAYOUTS_REORGED' : 'PAYOUTS_CHANGED',
      subjectId: counted.id,
      payload: {
        status: counted.status,
        progress: progressOf(counted),
        changes: mergeRanges(settlement.changes),
      },
    });
  }
  return moveTo(work, counted, await statusByChain(work.database, counted));
}

/** By way of EXECUTING where one block opens a batch and ends it; a reorg goes back to where the open found it. */
async function moveTo(
  work: UnitOfWork,
  batch: PayoutBatchRow,
  status: PayoutBatchStatus,
): Promise<PayoutBatchRow> {
  if (status === batch.status) return batch;
  if (batch.openedAtBlock === null || batch.status === 'EXECUTING')
    return changeBatchStatus(work, batch, status);
  const executing = await changeBatchStatus(work, batch, 'EXECUTING', { statusBeforeOpen: batch.status });
  return moveTo(work, executing, status);
}

const COUNT_OF: Record<PayoutStatus, keyof Counts> = {
  PENDING: 'pendingCount',
  SUBMITTED: 'submittedCount',
  INCLUDED: 'includedCount',
  CONFIRMED: 'confirmedCount',
  FINAL: 'finalCount',
  UNDELIVERED: 'undeliveredCount',
  FAILED: 'failedCount',
};

/** Sums chunks, takes out the rows with an exception, and counts those where they really stand. */
async function countRows(database: DatabaseTransaction, batchId: string): Promise<Counts> {
  const { rows } = await sql<{ status: PayoutStatus; count: number }>`
    select status, sum(count)::int as count from (
      select status, sum(row_count) as count from payout_chunk where batch_id = ${batchId} group by status
      union all
      select status, count(*) from payout_exception where batch_id = ${batchId} group by status
      union all
      select chunk.status, -count(*) from payout_exception
        join payout_chunk chunk using (batch_id, chunk_index)
        where batch_id = ${batchId} group by chunk.status
    ) as parts group by status`.execute(database);
  const counts: Counts = {
    pendingCount: 0,
    submittedCount: 0,
    includedCount: 0,
    confirmedCount: 0,
    finalCount: 0,
    undeliveredCount: 0,
    failedCount: 0,
  };
  for (const row of rows) counts[COUNT_OF[row.status]] = row.count;
  return counts;
}

/** Where the chain says a batch stands. What approvals decide (before the open) stays as it is. */
async function statusByChain(
  database: DatabaseTransaction,
  batch: PayoutBatchRow,
): Promise<PayoutBatchStatus> {
  if (batch.openedAtBlock === null) {
    if (batch.status !== 'EXECUTING') return batch.status;
    const before = batch.statusBeforeOpen;
    if (before === 'EXPIRED') return before;
    // What somebody cancelled or rejected was opened all the same: it can be again.
    if (before === 'CANCELLING' || before === 'CANCELLED' || before === 'REJECTED') return 'CANCELLING';
    const approval = await database
      .selectFrom('approval')
      .select('id')
      .where('batchId', '=', batch.id)
      .where('kind', '=', 'PAYOUT_OPEN')
      .where('status', '=', 'APPROVED')
      .executeTakeFirst();
    return approval === undefined ? 'PENDING_APPROVAL' : 'APPROVED';
  }
  if (batch.finalCount === batch.payoutCount) return 'COMPLETED';
  if (batch.failedCount === batch.payoutCount) return 'FAILED';
  if (batch.failedCount > 0 && batch.finalCount + batch.failedCount === batch.payoutCount)
    return 'PARTIALLY_FAILED';
  return 'EXECUTING';
}

/** Joins neighbouring ranges that say the same, in row order. */
export function mergeRanges(ranges: readonly PayoutRange[]): PayoutRange[] {
  const merged: PayoutRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.firstIndex - b.firstIndex)) {
    const last = merged.at(-1);
    if (
      last !== undefined &&
      last.lastIndex + 1 === range.firstIndex &&
      last.status === range.status &&
      last.transactionId === range.transactionId
    ) {
      last.lastIndex = range.lastIndex;
    } else {
      merged.push({ ...range });
    }
  }
  return merged;
}
