import { sql } from 'kysely';
import type { Address } from 'viem';
import { MAX_WARNINGS_PER_BATCH } from '../../core/limits.ts';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import type { PayoutIssueCode } from '../../payroll/checks/payoutIssue.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { progressOf } from '../../transitions/payoutBatchStatus.ts';
import type { BatchTarget } from './batchTarget.ts';
import { type BatchLayout, layOutBatch } from './layOutBatch.ts';
import type { RecipientMark } from './recipientMarks.ts';

/** A payout about to be written; its index in the batch is its place in the list. */
export type NewPayout = RecipientMark & {
  readonly recipient: Address;
  readonly units: bigint;
  readonly memo: string | null;
  readonly reference: string | null;
};

/** What is worth a look about one payout of a batch. */
export type NewWarning = {
  readonly rowIndex: number;
  readonly code: PayoutIssueCode;
  readonly message: string;
};

export type NewWarnings = {
  /** In the order of their rows; the first MAX_WARNINGS_PER_BATCH are kept. */
  readonly listed: readonly NewWarning[];
  /** Listed or not. */
  readonly count: number;
};

export type NewBatch = {
  readonly id: string;
  readonly target: BatchTarget;
  readonly title: string;
  readonly payouts: readonly NewPayout[];
  readonly createdByUserId: string;
  /** The batch whose failed rows this one pays again; none unless given. */
  readonly retryOfBatchId?: string | null;
  /** The first batch of the same file; none for that one, and for what no file made. */
  readonly importOfBatchId?: string | null;
  readonly warnings: NewWarnings;
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
      retryOfBatchId: batch.retryOfBatchId ?? null,
      importOfBatchId: batch.importOfBatchId ?? null,
      newRecipientCount: batch.payouts.filter(({ isNewRecipient }) => isNewRecipient).length,
      largestRowIndex: largestRowIndex(batch.payouts),
      warningCount: batch.warnings.count,
      createdByUserId: batch.createdByUserId,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await insertPayouts(work.database, batch);
  await insertChunks(work.database, batch, layout);
  await insertWarnings(work.database, batch);
  work.record({
    organizationId: target.organizationId,
    type: 'PAYOUT_BATCH_CREATED',
    subjectId: batch.id,
    payload: { status: row.status, progress: progressOf(row) },
  });
}

/** The first of the largest. */
function largestRowIndex(payouts: readonly NewPayout[]): number {
  let largest = 0;
  for (const [index, { units }] of payouts.entries()) {
    if (units > (payouts[largest]?.units ?? 0n)) largest = index;
  }
  return largest;
}

async function insertPayouts(
  database: DatabaseTransaction,
  { id, target, payouts }: NewBatch,
): Promise<void> {
  for (let first = 0; first < payouts.length; first += MAX_PAYOUTS_PER_INSERT) {
    const part = payouts.slice(first, first + MAX_PAYOUTS_PER_INSERT);
    await sql`insert into payout (batch_id, organization_id, row_index, recipient, units, memo, reference, payee_id, is_new_recipient)
      select ${id}, ${target.organizationId}, ${first}::int + (place - 1)::int, recipient, units, memo, reference,
        payee_id, is_new_recipient
      from unnest(
        ${part.map(({ recipient }) => recipient)}::text[],
        ${part.map(({ units }) => units)}::numeric[],
        ${part.map(({ memo }) => memo)}::text[],
        ${part.map(({ reference }) => reference)}::text[],
        ${part.map(({ payeeId }) => payeeId)}::uuid[],
        ${part.map(({ isNewRecipient }) => isNewRecipient)}::boolean[]
      ) with ordinality as line (recipient, units, memo, reference, payee_id, is_new_recipient, place)`.execute(
      database,
    );
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

async function insertWarnings(
  database: DatabaseTransaction,
  { id, target, warnings }: NewBatch,
): Promise<void> {
  const kept = warnings.listed.slice(0, MAX_WARNINGS_PER_BATCH);
  if (kept.length === 0) return;
  const of = { batchId: id, organizationId: target.organizationId };
  await database
    .insertInto('payoutWarning')
    .values(
      kept.map(({ rowIndex, code, message }, position) => ({ ...of, position, rowIndex, code, message })),
    )
    .execute();
}
