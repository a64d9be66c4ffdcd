import { sql } from 'kysely';
import { required } from '../../core/errors.ts';
import type { Queryable } from '../../prisma/database.ts';
import { type BatchTerms, batchTerms, loadBatchPlaces } from '../../transitions/batchTerms.ts';
import type { PayoutBatchRow } from '../../transitions/payoutBatchStatus.ts';

/**
 * What the manifests of submitted batches say besides their rows, in the batches' order. Each batch's openBy and
 * closeAfter are set.
 */
export async function loadManifestHeaders(
  database: Queryable,
  batches: readonly PayoutBatchRow[],
): Promise<BatchTerms[]> {
  const places = await loadBatchPlaces(database, batches);
  return batches.map((batch, index) => batchTerms(batch, required(places[index], 'The batch’s place')));
}

/** The packed chunks of batches, in chunk order, in the batches' order. A batch has at most 3.2 MB of them. */
export async function loadPackedChunks(
  database: Queryable,
  batchIds: readonly string[],
): Promise<Uint8Array[][]> {
  const rows = await database
    .selectFrom('payoutChunk')
    .select(['batchId', 'packedRows'])
    .where('batchId', '=', sql<string>`any(${[...new Set(batchIds)]}::uuid[])`)
    .orderBy('batchId')
    .orderBy('chunkIndex')
    .execute();
  const chunksOf = Map.groupBy(rows, (row) => row.batchId);
  return batchIds.map((id) => (chunksOf.get(id) ?? []).map((chunk) => new Uint8Array(chunk.packedRows)));
}
