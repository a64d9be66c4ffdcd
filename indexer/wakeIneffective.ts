import { sql } from 'kysely';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import { CHAIN_TRANSACTION_TRANSITIONS } from '../transitions/chainTransactionStatus.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';

/**
 * Enqueues the next step of batches with chunks whose transaction becomes final without having executed them, as one does
 * that ran before its vault was there: they wait again, also where the batch will never be opened. Call it before
 * transactions become FINAL: it reads what is about to.
 */
export async function wakeIneffective(work: UnitOfWork, chainId: string, finalNumber: bigint): Promise<void> {
  const { rows } = await sql<{ batchId: string }>`
    select distinct chunk.batch_id
    from chain_transaction transaction
    join payout_chunk chunk on chunk.batch_id = transaction.batch_id
      and chunk.chunk_index = transaction.chunk_index
    where transaction.chain_id = ${chainId} and transaction.block_number <= ${finalNumber}
      and transaction.status in (${sql.join(sourcesOf(CHAIN_TRANSACTION_TRANSITIONS, 'FINAL'))})
      and transaction.kind = 'CHUNK' and chunk.status = 'SUBMITTED'
    order by chunk.batch_id`.execute(work.database);
  for (const { batchId } of rows) await work.enqueue('batch.advance', { batchId }, batchId);
}
