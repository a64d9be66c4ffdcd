import { sql } from 'kysely';
import { required } from '../../core/errors.ts';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import { awaitSigners } from '../../transitions/lockPauses.ts';
import { countUnderWay, type UnderWay } from './countUnderWay.ts';
import { batchState, type PauseSubject, pauseColumn } from './pauseSubject.ts';

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
