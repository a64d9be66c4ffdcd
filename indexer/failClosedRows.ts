import { sql } from 'kysely';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { UNEXECUTED_CHUNK_STATUSES } from '../transitions/payoutChunkStatus.ts';
import { PAYOUT_EXCEPTION_TRANSITIONS } from '../transitions/payoutExceptionStatus.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';
import type { PayoutChanges } from './payoutChanges.ts';

const CANCELLED_MESSAGE =
  'The account’s owners closed the batch before this was paid. Its money is back in the account.';
const EXPIRED_MESSAGE =
  'The batch’s time was over before this was paid, and it was closed. Its money is back in the account.';

type KeyRow = { batchId: string; chunkIndex: number };

/**
 * Ends the rows of batches whose vaults are closed in a final block: what was not delivered is FAILED. Rows that the
 * vault had tried keep their own reason; the others get CANCELLED, or EXPIRED where the vault was closed past
 * closeAfter without an approval of its own.
 */
export async function failClosedRows(
  database: DatabaseTransaction,
  batchIds: readonly string[],
  changes: PayoutChanges,
): Promise<void> {
  if (batchIds.length === 0) return;
  const tried = await sql<KeyRow>`
    update payout_exception set status = 'FAILED'
    where batch_id = any(${batchIds}::uuid[])
      and status in (${sql.join(sourcesOf(PAYOUT_EXCEPTION_TRANSITIONS, 'FAILED'))})
    returning batch_id, chunk_index`.execute(database);
  const untried = await sql<KeyRow>`
    with closed as (
      select batch.id as batch_id, coalesce(block.timestamp > batch.close_after, false) and not exists (
          select from approval where approval.batch_id = batch.id and approval.kind = 'PAYOUT_CLOSE'
            and approval.executed_at_block = batch.closed_at_block
        ) as expired
      from payout_batch batch
      left join block on block.chain_id = batch.chain_id and block.number = batch.closed_at_block
      where batch.id = any(${batchIds}::uuid[])
    ), failed as (
      insert into payout_exception
        (batch_id, row_index, organization_id, chunk_index, status, failure_code, failure_message)
      select batch_id, row_index, chunk.organization_id, chunk.chunk_index, 'FAILED',
        case when expired then 'EXPIRED'::"PayoutFailureCode" else 'CANCELLED' end,
        case when expired then ${EXPIRED_MESSAGE} else ${CANCELLED_MESSAGE} end
      from closed join payout_chunk chunk using (batch_id)
      cross join lateral generate_series(first_row_index, first_row_index + row_count - 1) as row_index
      where chunk.status in (${sql.join([...UNEXECUTED_CHUNK_STATUSES])})
      on conflict (batch_id, row_index) do nothing
      returning batch_id, chunk_index
    ) select distinct batch_id, chunk_index from failed`.execute(database);
  for (const { batchId, chunkIndex } of [...tried.rows, ...untried.rows]) {
    changes.addExceptions(batchId, chunkIndex);
  }
}
