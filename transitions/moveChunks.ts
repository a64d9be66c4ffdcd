import { sql } from 'kysely';
import { InvariantError } from '../core/errors.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { PAYOUT_CHUNK_TRANSITIONS } from './payoutChunkStatus.ts';
import { sourcesOf } from './transitionTable.ts';

// What the engine and the end of a transaction do to chunks that no block has executed: what stands in a block moves by
// blocks alone, in indexer/.

/** A chunk and the transaction that is to execute it. */
export type SubmittedChunk = { readonly chunkIndex: number; readonly transactionId: string };
/** The payouts of a chunk that moved. */
export type MovedChunk = {
  readonly chunkIndex: number;
  readonly firstRowIndex: number;
  readonly rowCount: number;
};

/** Makes PENDING chunks of a locked batch SUBMITTED. @throws InvariantError when one is not PENDING */
export async function submitChunks(
  database: DatabaseTransaction,
  batchId: string,
  chunks: readonly SubmittedChunk[],
): Promise<void> {
  const { numAffectedRows } = await sql`
    update payout_chunk chunk set status = 'SUBMITTED', transaction_id = signed.transaction_id
    from unnest(${chunks.map(({ chunkIndex }) => chunkIndex)}::int[],
      ${chunks.map(({ transactionId }) => transactionId)}::uuid[]) as signed (chunk_index, transaction_id)
    where chunk.batch_id = ${batchId} and chunk.chunk_index = signed.chunk_index and chunk.block_number is null
      and chunk.status in (${sql.join(sourcesOf(PAYOUT_CHUNK_TRANSITIONS, 'SUBMITTED'))})`.execute(database);
  requireAll(batchId, chunks.length, Number(numAffectedRows));
}

/** Makes SUBMITTED chunks of a locked batch PENDING again. @throws InvariantError when one is not SUBMITTED */
export async function withdrawChunks(
  database: DatabaseTransaction,
  batchId: string,
  chunkIndexes: readonly number[],
): Promise<MovedChunk[]> {
  const moved = await database
    .updateTable('payoutChunk')
    .set({ status: 'PENDING', transactionId: null })
    .where('batchId', '=', batchId)
    .where('chunkIndex', 'in', [...chunkIndexes])
    .where('blockNumber', 'is', null)
    .where('status', 'in', sourcesOf(PAYOUT_CHUNK_TRANSITIONS, 'PENDING'))
    .returning(['chunkIndex', 'firstRowIndex', 'rowCount'])
    .execute();
  requireAll(batchId, chunkIndexes.length, moved.length);
  return moved;
}

/** Lets a SUBMITTED chunk wait for the transaction that replaced its own. @returns null when it does not wait for that one */
export async function followReplacement(
  database: DatabaseTransaction,
  { batchId, chunkIndex }: { readonly batchId: string; readonly chunkIndex: number },
  replacedId: string,
  replacementId: string,
): Promise<MovedChunk | null> {
  const moved = await database
    .updateTable('payoutChunk')
    .set({ transactionId: replacementId })
    .where('batchId', '=', batchId)
    .where('chunkIndex', '=', chunkIndex)
    .where('transactionId', '=', replacedId)
    .where('status', '=', 'SUBMITTED')
    .where('blockNumber', 'is', null)
    .returning(['chunkIndex', 'firstRowIndex', 'rowCount'])
    .executeTakeFirst();
  return moved ?? null;
}

function requireAll(batchId: string, wanted: number, moved: number): void {
  if (wanted !== moved) {
    throw new InvariantError('Chunks changed under their batch’s lock', { batchId, wanted, moved });
  }
}
