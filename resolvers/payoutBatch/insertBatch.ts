import { sql } from 'kysely';
import type { Address } from 'viem';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { progressOf } from '../../transitions/payoutBatchStatus.ts';
import type { BatchTarget } from './batchTarget.ts';
import { type BatchLayout, layOutBatch } from './layOutBatch.ts';

/** A payout about to be written; its index in the batch is its place in the list. */
export type NewPayout = {
  readonly recipient: Address;
  readonly units: bigint;
  readonly memo: string | null;
  readonly reference: string | null;
};

export type NewBatch = {
  readonly id: string;
  readonly target: BatchTarget;
  readonly title: string;
  readonly payouts: readonly NewPayout[];
  readonly createdByUserId: string;
  /** The batch whose failed rows this one pays again. */
  readonly retryOfBatchId: string | null;
};

/**
 * Rows in one statement. A statement of unnested arrays takes 2.0 s for 100,000 rows, COPY 1.8 s: both spend it in the
 * table's indexes and reference, and this one needs no connection of its own outside the transaction.
 */
const MAX_PAYOUTS_PER_INSERT = 5_000;
/** Of up to 6,400 bytes each. */
const MAX_CHUNKS_PER_INSERT = 100;

/** Packs, hashes and writes a batch as a DRAFT with its payouts and chunks, and tells the log. */
export async function insertBatch(work: UnitOfWork, batch: NewBatch): Promise<void> {
  const { target } = batch;
  const layout = await layOutBatch(target, batch.id, batch.payouts);
  const row = await work.database
    .insertInto('payoutBatch')
    .values({
      id: batch.id,
      organizationId: target.organizationId,
      accountId: target.accountId,
      chainId: target.chainId,
      assetId: target.assetId,
      title: batch.title,
      status: 'DRAFT',
      totalUnits: layout.totalUnits,
      payoutCount: batch.payouts.length,
      pendingCount: batch.payouts.length,
      chunkCount: layout.chunks.length,
      rowsPerChunk: layout.rowsPerChunk,
      gasPerPayout: layout.gasPerPayout,
      merkleRoot: layout.root,
      vaultAddress: layout.vault,
      retryOfBatchId: batch.retryOfBatchId,
      createdByUserId: batch.createdByUserId,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await insertPayouts(work.database, batch);
  await insertChunks(work.database, batch, layout);
  work.record({
    organizationId: target.organizationId,
    type: 'PAYOUT_BATCH_CREATED',
    subjectId: batch.id,
    payload: { status: row.status, progress: progressOf(row) },
  });
}

async function insertPayouts(
  database: DatabaseTransaction,
  { id, target, payouts }: NewBatch,
): Promise<void> {
  for (let first = 0; first < payouts.length; first += MAX_PAYOUTS_PER_INSERT) {
    const part = payouts.slice(first, first + MAX_PAYOUTS_PER_INSERT);
    await sql`insert into payout (batch_id, organization_id, row_index, recipient, units, memo, reference)
      select ${id}, ${target.organizationId}, ${first}::int + (place - 1)::int, recipient, units, memo, reference
      from unnest(
        ${part.map(({ recipient }) => recipient)}::text[],
        ${part.map(({ units }) => units)}::numeric[],
        ${part.map(({ memo }) => memo)}::text[],
        ${part.map(({ reference }) => reference)}::text[]
      ) with ordinality as line (recipient, units, memo, reference, place)`.execute(database);
  }
}

async function insertChunks(
  database: DatabaseTransaction,
  { id, target }: NewBatch,
  layout: BatchLayout,
): Promise<void> {
  for (let first = 0; first < layout.chunks.length; first += MAX_CHUNKS_PER_INSERT) {
    const part = layout.chunks.slice(first, first + MAX_CHUNKS_PER_INSERT);
    await database
      .insertInto('payoutChunk')
      .values(
        part.map((chunk, offset) => ({
          batchId: id,
          chunkIndex: first + offset,
          organizationId: target.organizationId,
          firstRowIndex: chunk.firstRowIndex,
          rowCount: chunk.rowCount,
          totalUnits: chunk.totalUnits,
          packedRows: Buffer.from(
            chunk.packedRows.buffer,
            chunk.packedRows.byteOffset,
            chunk.packedRows.byteLength,
          ),
          status: 'PENDING' as const,
        })),
      )
      .execute();
  }
}
