import { sql } from 'kysely';
import { refuse, required } from '../../core/errors.ts';
import { type UnitOfWork, unitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { awaitSigners } from '../../transitions/lockPauses.ts';
import { ENDED_BATCH_STATUSES } from '../../transitions/payoutBatchStatus.ts';
import type { RequestContext } from '../requestContext.ts';
import { countUnderWay, type UnderWay } from './countUnderWay.ts';
import { requireReason } from './pauseReason.ts';
import { batchState, type PauseSubject, pauseColumn } from './pauseSubject.ts';

export type WrittenPause = {
  /** Of what is paused. */
  readonly id: string;
  readonly underWay: UnderWay;
  readonly eventCursor: string | null;
};

/**
 * Pauses what is found and tells the log, unless it is paused already: then that pause stands, with its reason.
 * @param find looks, in the transaction that pauses, for what the viewer may pause
 * @throws UserFaultsError REASON_INVALID, BATCH_ENDED; and whatever `find` throws
 */
export async function writePause(
  context: RequestContext,
  reason: string,
  find: (database: DatabaseTransaction) => Promise<PauseSubject>,
): Promise<WrittenPause> {
  const committed = await unitOfWork(context.log, async (work) => {
    const subject = await find(work.database);
    const trimmed = requireReason(reason);
    requireNotEnded(subject);
    return { subject, underWay: await insertPause(work, subject, trimmed) };
  });
  const { subject, underWay } = committed.value;
  return { id: subject.id, underWay, eventCursor: committed.eventCursor(subject.organizationId) };
}

function requireNotEnded(subject: PauseSubject): void {
  if (subject.scope !== 'PAYOUT_BATCH' || !ENDED_BATCH_STATUSES.includes(subject.batch.status)) return;
  const state = subject.batch.status.toLowerCase().replaceAll('_', ' ');
  refuse('BATCH_ENDED', `This batch has ended: it is ${state}. There is nothing left to pause.`);
}

/** When this returns, nothing new can be signed for the subject once the transaction commits. */
async function insertPause(work: UnitOfWork, subject: PauseSubject, reason: string): Promise<UnderWay> {
  const { database } = work;
  const { organizationId, scope, id, userId } = subject;
  const { numInsertedOrUpdatedRows: written } = await database
    .insertInto('payoutPause')
    .values({ organizationId, scope, [pauseColumn(scope)]: id, reason, pausedByUserId: userId })
    .onConflict((conflict) => conflict.columns(['organizationId', pauseColumn(scope)]).doNothing())
    .executeTakeFirst();
  if (written === 1n) recordPause(work, subject, reason);
  await awaitSigners(database, organizationId);
  const counts = await countUnderWay(
    database,
    sql<boolean>`pause.organization_id = ${organizationId} and ${sql.ref(`pause.${pauseColumn(scope)}`)} = ${id}`,
  );
  return required([...counts.values()][0], 'The pause');
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
