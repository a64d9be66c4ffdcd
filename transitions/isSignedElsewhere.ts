import type { DatabaseTransaction } from '../prisma/database.ts';
import type { ApprovalRow } from './approvalStatus.ts';
import { isThresholdReached } from './isThresholdReached.ts';

/**
 * Whether another approval of the same batch has all its signatures at a nonce that the Safe has not passed: whoever
 * holds them can still open the batch, whatever becomes of this approval.
 */
export async function isSignedElsewhere(
  database: DatabaseTransaction,
  approval: Pick<ApprovalRow, 'id' | 'batchId' | 'accountId'>,
): Promise<boolean> {
  const account = await database
    .selectFrom('account')
    .select(['owners', 'threshold', 'safeNonce'])
    .where('id', '=', approval.accountId)
    .executeTakeFirstOrThrow();
  const others = await database
    .selectFrom('approval')
    .select('id')
    .where('batchId', '=', approval.batchId)
    .where('kind', '=', 'PAYOUT_OPEN')
    .where('id', '<>', approval.id)
    .where('status', '<>', 'EXECUTED')
    .where('safeNonce', '>=', account.safeNonce)
    .execute();
  for (const other of others) {
    if (await isThresholdReached(database, other, account)) return true;
  }
  return false;
}
