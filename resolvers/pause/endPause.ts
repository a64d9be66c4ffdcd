import { sql } from 'kysely';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import { batchState, isOfSubject, type PauseSubject, pauseColumn } from './pauseSubject.ts';

/** Whose jobs are enqueued at once; the engine finds the others in its rounds. */
const MAX_BATCHES_WOKEN = 100;

/** Ends a pause, tells the log, and has the engine look at what waited. Nothing where there is no pause. */
export async function endPause(work: UnitOfWork, subject: PauseSubject): Promise<void> {
  const { organizationId, scope, id } = subject;
  const ended = await work.database
    .deleteFrom('payoutPause')
    .where('organizationId', '=', organizationId)
    .where(pauseColumn(scope), '=', id)
    .executeTakeFirst();
  if (ended.numDeletedRows === 0n) return;
  const entry = { organizationId, subjectId: id };
  const payload = { byUserId: subject.userId };
  if (subject.scope === 'PAYOUT_BATCH') {
    const state = batchState(subject.batch);
    work.record({ ...entry, type: 'PAYOUT_BATCH_RESUMED', payload: { ...state, ...payload } });
  } else {
    work.record({ ...entry, type: subject.scope === 'CHAIN' ? 'CHAIN_RESUMED' : 'ACCOUNT_RESUMED', payload });
  }
  const { rows } = await sql<{ id: string }>`
    select batch.id from payout_batch as batch
    where ${isOfSubject(subject)} and batch.status in ('APPROVED', 'EXECUTING')
    order by batch.id limit ${MAX_BATCHES_WOKEN}`.execute(work.database);
  for (const { id: batchId } of rows) await work.enqueue('batch.advance', { batchId }, batchId);
}
