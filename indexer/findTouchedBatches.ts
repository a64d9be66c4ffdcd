import { sql } from 'kysely';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';
import { LIVE_BATCH_STATUSES } from '../transitions/payoutBatchStatus.ts';
import { MATURING_CHUNK_STATUSES } from '../transitions/payoutChunkStatus.ts';
import { MATURING_EXCEPTION_STATUSES } from '../transitions/payoutExceptionStatus.ts';
import type { BlockFacts } from './blockFacts.ts';
import type { EndedApproval } from './endApprovals.ts';
import type { Horizon } from './moveHead.ts';

export type TouchedBatches = {
  /** In ascending order: to be locked before anything of theirs is written. */
  readonly batchIds: string[];
  /** Those of them that are closed in a final block and have not ended. */
  readonly closedBatchIds: string[];
};

/** Every batch that a block will change: by its facts, by transactions of ours, by what matures, by what ends. */
export async function findTouchedBatches(
  database: DatabaseTransaction,
  chainId: string,
  facts: BlockFacts,
  horizon: Horizon,
  ended: readonly EndedApproval[],
): Promise<TouchedBatches> {
  const used = facts.usedNonces;
  const { rows } = await sql<{ batchId: string; closed: boolean }>`
    select batch_id, bool_or(closed) as closed from (
      select batch_id, false as closed from chain_transaction
        where chain_id = ${chainId} and hash = any(${facts.transactions.map((fact) => fact.hash)}::text[])
      union all
      select transaction.batch_id, false
        from unnest(${used.map((one) => one.sender)}::text[], ${used.map((one) => one.nonce)}::bigint[])
          as used (sender, nonce)
        join chain_transaction transaction on transaction.chain_id = ${chainId}
          and transaction.sender = used.sender and transaction.nonce = used.nonce
          and transaction.status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])})
      union all
      select chunk.batch_id, false from payout_chunk chunk join payout_batch batch on batch.id = chunk.batch_id
        where batch.chain_id = ${chainId} and chunk.status in (${sql.join([...MATURING_CHUNK_STATUSES])})
          and chunk.block_number <= case chunk.status when 'INCLUDED' then ${horizon.confirmedNumber}::bigint
            else ${horizon.finalNumber}::bigint end
      union all
      select exception.batch_id, false
        from payout_exception exception join payout_batch batch on batch.id = exception.batch_id
        where batch.chain_id = ${chainId} and batch.status in (${sql.join([...LIVE_BATCH_STATUSES])})
          and exception.block_number <= ${horizon.confirmedNumber} and exception.status in (${sql.join([...MATURING_EXCEPTION_STATUSES])})
      union all
      select id, true from payout_batch
        where chain_id = ${chainId} and status in (${sql.join([...LIVE_BATCH_STATUSES])})
          and closed_at_block <= ${horizon.finalNumber}
    ) as touched
    where batch_id is not null group by batch_id`.execute(database);
  const batchIds = new Set([
    ...rows.map((row) => row.batchId),
    ...[...facts.openings, ...facts.chunks, ...facts.retries, ...facts.closings].map((fact) => fact.batchId),
    ...ended.map((approval) => approval.batchId),
  ]);
  return {
    batchIds: [...batchIds].sort(),
    closedBatchIds: rows.filter((row) => row.closed).map((row) => row.batchId),
  };
}
