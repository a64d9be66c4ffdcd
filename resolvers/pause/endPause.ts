import { sql } from 'kysely';
import { type UnitOfWork, unitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import type { RequestContext } from '../requestContext.ts';
import { batchState, isOfSubject, type PauseSubject, pauseColumn } from './pauseSubject.ts';

/** Whose jobs are enqueued at once; the engine finds the others in its rounds. */
const MAX_BATCHES_WOKEN = 100;

/**
 * Ends the pause of what is found, tells the log, and has the engine look at what waited. Nothing where there is no pause.
 * @param find looks, in the transaction that ends it, for what the viewer may resume
 * @returns the id of what was found
 * @throws whatever `find` throws
 */
export async function endPause(
  context: RequestContext,
  find: (database: DatabaseTransaction) => Promise<PauseSubject>,
): Promise<{ id: string; eventCursor: string | null }> {
  const committed = await unitOfWork(context.log, async (work) => {
    const subject = await find(work.database);
    await deletePause(work, subject);
    return subject;
  });
  const { id, organizationId } = committed.value;
  return { id, eventCursor: committed.eventCursor(organizationId) };
}

async function deletePause(work: UnitOfWork, subject: PauseSubject): Promise<void> {
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
