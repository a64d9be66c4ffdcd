import { sql } from 'kysely';
import type { Queryable } from '../prisma/database.ts';
import { ENDED_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';
import type { EndedTransaction } from './finality.ts';

/** A chunk that waits for a transaction. */
export type PendingChunk = {
  readonly chunkIndex: number;
  readonly firstRowIndex: number;
  readonly rowCount: number;
  readonly packedRows: Buffer;
};

/** One that had transactions before, which did not execute it. */
export type SuspectChunk = PendingChunk & { readonly ended: readonly EndedTransaction[] };

/** Our transactions for a chunk: which ended without executing it, and whether one may still do. */
const OURS = sql`
  select count(*) filter (where transaction.status in (${sql.join([...ENDED_TRANSACTION_STATUSES])})) as ended_count,
    coalesce(bool_or(transaction.status not in (${sql.join([...ENDED_TRANSACTION_STATUSES])})), false) as live
  from chain_transaction transaction
  where transaction.batch_id = chunk.batch_id and transaction.chunk_index = chunk.chunk_index
    and transaction.kind = 'CHUNK' and transaction.raw_transaction is not null`;

/**
 * A batch's next chunks, in chunk order: those that never had a transaction, and those of `cleared`. One that a
 * transaction of ours may still execute is not among them, whatever its row says.
 */
export async function findPendingChunks(
  database: Queryable,
  batchId: string,
  cleared: readonly number[],
  limit: number,
): Promise<PendingChunk[]> {
  const { rows } = await sql<PendingChunk>`
    select chunk_index, first_row_index, row_count, packed_rows
    from payout_chunk chunk, lateral (${OURS}) ours
    where chunk.batch_id = ${batchId} and chunk.status = 'PENDING' and not live
      and (ended_count = 0 or chunk_index = any(${cleared}::int[]))
    order by chunk_index limit ${limit}`.execute(database);
  return rows;
}

/** Those with transactions that ended, the least tried first. */
export async function findSuspectChunks(
  database: Queryable,
  batchId: string,
  limit: number,
): Promise<SuspectChunk[]> {
  const { rows: chunks } = await sql<PendingChunk>`
    select chunk_index, first_row_index, row_count, packed_rows
    from payout_chunk chunk, lateral (${OURS}) ours
    where chunk.batch_id = ${batchId} and chunk.status = 'PENDING' and not live and ended_count > 0
    order by ended_count, chunk_index limit ${limit}`.execute(database);
  if (chunks.length === 0) return [];
  const ended = await database
    .selectFrom('chainTransaction')
    .select(['chunkIndex', 'status', 'blockNumber', 'sender', 'nonce'])
    .where('batchId', '=', batchId)
    .where(
      'chunkIndex',
      'in',
      chunks.map(({ chunkIndex }) => chunkIndex),
    )
    .where('kind', '=', 'CHUNK')
    .where('rawTransaction', 'is not', null)
    .execute();
  const byChunk = Map.groupBy(ended, ({ chunkIndex }) => chunkIndex);
  return chunks.map((chunk) => ({ ...chunk, ended: byChunk.get(chunk.chunkIndex) ?? [] }));
}
