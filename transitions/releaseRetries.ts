import { sql } from 'kysely';
import type { DatabaseTransaction } from '../prisma/database.ts';

/**
 * Lets rows be retried again whose retry can no longer pay them: its batch ended without an open and a final block is
 * past openBy (signatures given to it are void from then on), or it failed in a final block.
 * @param finalTimestamp of the newest final block of the chain
 */
export async function releaseRetries(
  database: DatabaseTransaction,
  chainId: string,
  finalTimestamp: Date,
): Promise<void> {
  await sql`
    update payout_retry retry set live = false
    from payout_batch batch
    where retry.live and retry.batch_id = batch.id and batch.chain_id = ${chainId} and (
      (batch.status in ('REJECTED', 'CANCELLED', 'EXPIRED') and (batch.open_by is null or batch.open_by < ${finalTimestamp}))
      or batch.status = 'FAILED'
      or (batch.status = 'PARTIALLY_FAILED' and exists (
        select from payout_exception exception
        where exception.batch_id = retry.batch_id and exception.row_index = retry.row_index and exception.status = 'FAILED'
      ))
    )`.execute(database);
}
