import { sql } from 'kysely';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../../transitions/chainTransactionStatus.ts';
import { awaitSigners } from '../../transitions/lockPauses.ts';
import { batchState, isOfSubject, type PauseSubject, pauseColumn } from './pauseSubject.ts';

/** What was signed before and is in no block: it is sent until one has it, and may pay. */
export type UnderWay = { readonly payoutCount: number; readonly transactionCount: number };

/**
 * Writes a pause and tells the log, unless there is one already: then that stands, with its reason. When this returns,
 * nothing new can be signed for the subject once the transaction commits.
 */
export async function writePause(work: UnitOfWork, subject: PauseSubject, reason: string): Promise<UnderWay> {
  const { database } = work;
  const { organizationId, scope, id, userId } = subject;
  const { numInsertedOrUpdatedRows: written } = await database
    .insertInto('payoutPause')
    .values({ organizationId, scope, [pauseColumn(scope)]: id, reason, pausedByUserId: userId })
    .onConflict((conflict) => conflict.columns(['organizationId', pauseColumn(scope)]).doNothing())
    .executeTakeFirst();
  if (written === 1n) recordPause(work, subject, reason);
  await awaitSigners(database, organizationId);
  return countUnderWay(work, subject);
}

function recordPause(work: UnitOfWork, subject: PauseSubject, reason: string): void {
  const entry = { organizationId: subject.organizationId, subjectId: subject.id };
  const payload = { byUserId: subject.userId, reason };
  if (subject.scope === 'PAYOUT_BATCH') {
    const state = batchState(subject.batch);
    work.record({ ...entry, type: 'PAYOUT_BATCH_PAUSED', payload: { ...state, ...payload } });
  } else {
    work.record({ ...entry, type: subject.scope === 'CHAIN' ? 'CHAIN_PAUSED' : 'ACCOUNT_PAUSED', payload });
  }
}

async function countUnderWay({ database }: UnitOfWork, subject: PauseSubject): Promise<UnderWay> {
  const { rows } = await sql<UnderWay>`
    select coalesce(sum(batch.submitted_count), 0)::int as payout_count,
      coalesce(sum(signed.count), 0)::int as transaction_count
    from payout_batch as batch
    cross join lateral (
      select count(*) from chain_transaction as transaction
      where transaction.batch_id = batch.id and transaction.raw_transaction is not null
        and transaction.status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])})
    ) as signed
    where ${isOfSubject(subject)} and batch.status in ('APPROVED', 'CANCELLING', 'EXECUTING')`.execute(
    database,
  );
  return rows[0] ?? { payoutCount: 0, transactionCount: 0 };
}
