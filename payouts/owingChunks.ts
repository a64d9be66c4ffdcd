import { sql } from 'kysely';
import type { Queryable } from '../prisma/database.ts';
import type { PendingChunk } from './pendingChunks.ts';

/** The engine tries what a chunk owes again so often; after that anybody may, for as long as the vault is open. */
export const MAX_RETRIES_PER_CHUNK = 1;

/** An executed chunk with rows that its vault owes, counted from the chunk's first. */
export type OwingChunk = PendingChunk & { readonly owedRows: readonly number[] };

/**
 * Chunks of a batch that are executed in a final block, owe rows, and have not been retried by us as often as may be. A
 * retry that lost its nonce does not count: should it return, the vault pays no row twice.
 */
export async function findOwingChunks(
  database: Queryable,
  batchId: string,
  limit: number,
): Promise<OwingChunk[]> {
  const { rows } = await sql<OwingChunk>`
    select chunk_index, first_row_index, row_count, packed_rows, owed_rows
    from payout_chunk chunk, lateral (
      select array_agg(exception.row_index - chunk.first_row_index order by row_index) as owed_rows
      from payout_exception exception
      where exception.batch_id = chunk.batch_id and exception.chunk_index = chunk.chunk_index
        and exception.status = 'UNDELIVERED') owing
    where chunk.batch_id = ${batchId} and chunk.status = 'FINAL' and owed_rows is not null
      and ${MAX_RETRIES_PER_CHUNK} > (
        select count(*) from chain_transaction transaction
        where transaction.batch_id = chunk.batch_id and transaction.chunk_index = chunk.chunk_index
          and transaction.kind = 'RETRY' and transaction.raw_transaction is not null
          and transaction.status <> 'REPLACED')
    order by chunk_index limit ${limit}`.execute(database);
  return rows;
}
