import type { DatabaseTransaction, Queryable } from '../prisma/database.ts';
import { LIVE_APPROVAL_STATUSES } from '../transitions/approvalStatus.ts';
import type { PayoutBatchRow } from '../transitions/payoutBatchStatus.ts';
import type { Blocker } from './blocker.ts';
import { isPausedForSigning } from './findPause.ts';

/** Somebody asked the owners to close the batch, and they have not said no: what is still owed waits for them. */
export const CLOSE_ASKED: Blocker = {
  code: 'CLOSE_ASKED',
  message:
    'Its owners are asked to close it: nothing more is sent until they decide. What was sent before may still be paid.',
};

/** Whether a close of the batch is asked for, or has its signatures and waits for its execution. */
export async function isCloseAsked(database: Queryable, batchId: string): Promise<boolean> {
  const close = await database
    .selectFrom('approval')
    .select('id')
    .where('batchId', '=', batchId)
    .where('kind', '=', 'PAYOUT_CLOSE')
    .where('status', 'in', LIVE_APPROVAL_STATUSES)
    .limit(1)
    .executeTakeFirst();
  return close !== undefined;
}

/** Asked right before more is signed to pay an open batch, under its lock: whether a pause or a close forbids it. */
export async function isHeld(database: DatabaseTransaction, batch: PayoutBatchRow): Promise<boolean> {
  return (await isPausedForSigning(database, batch)) || (await isCloseAsked(database, batch.id));
}
