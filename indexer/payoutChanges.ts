import { sql } from 'kysely';
import type { PayoutRange } from '../events/eventPayloads.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import type { PayoutStatus } from '../prisma/generated/database.ts';

/** Rows firstIndex to lastIndex, both included. */
type Rows = { readonly firstIndex: number; readonly lastIndex: number };

export type ChangedChunk = Rows & {
  readonly batchId: string;
  readonly chunkIndex: number;
  readonly status: PayoutStatus;
  readonly transactionId: string | null;
  /** Whether the chunk's own status changed, that is all rows' without an exception. */
  readonly chunkChanged: boolean;
  /** Whether exceptions of the chunk did. */
  readonly exceptionsChanged: boolean;
};

export type ExceptionRange = Rows & {
  readonly batchId: string;
  readonly chunkIndex: number;
  readonly status: PayoutStatus;
  readonly transactionId: string | null;
};

/** Which chunks one transaction changes. How they stand is read once, at its end, however often they changed. */
export class PayoutChanges {
  readonly #batches = new Map<string, Map<number, { chunk: boolean; exceptions: boolean }>>();

  /** The batch must be settled, even when none of its rows changed. */
  addBatch(batchId: string): void {
    if (!this.#batches.has(batchId)) this.#batches.set(batchId, new Map());
  }

  addChunk(batchId: string, chunkIndex: number): void {
    this.#entry(batchId, chunkIndex).chunk = true;
  }

  addExceptions(batchId: string, chunkIndex: number): void {
    this.#entry(batchId, chunkIndex).exceptions = true;
  }

  /** In ascending order: the order in which they are locked. */
  batchIds(): string[] {
    return [...this.#batches.keys()].sort();
  }

  /** How the changed rows stand now, by batch. Two statements, however many rows. */
  async readRanges(database: DatabaseTransaction): Promise<Map<string, PayoutRange[]>> {
    const keys = [...this.#batches].flatMap(([batchId, chunks]) =>
      [...chunks].map(([chunkIndex, changed]) => ({ batchId, chunkIndex, ...changed })),
    );
    if (keys.length === 0) return new Map();
    const batchIds = keys.map((key) => key.batchId);
    const indices = keys.map((key) => key.chunkIndex);
    const chunks = await sql<ChangedChunk>`
      select batch_id, chunk_index, first_row_index as first_index, first_row_index + row_count - 1 as last_index,
        status, transaction_id, chunk_changed, exceptions_changed
      from unnest(${batchIds}::uuid[], ${indices}::int[], ${keys.map((key) => key.chunk)}::bool[],
        ${keys.map((key) => key.exceptions)}::bool[]) as key (batch_id, chunk_index, chunk_changed, exceptions_changed)
      join payout_chunk using (batch_id, chunk_index)`.execute(database);
    const exceptions = await sql<ExceptionRange>`
      select batch_id, chunk_index, status, transaction_id, min(row_index) as first_index, max(row_index) as last_index
      from (
        select batch_id, chunk_index, row_index, status, transaction_id, row_index - row_number() over (
          partition by batch_id, chunk_index, status, transaction_id order by row_index) as island
        from unnest(${batchIds}::uuid[], ${indices}::int[]) as key (batch_id, chunk_index)
        join payout_exception using (batch_id, chunk_index)
      ) as rows
      group by batch_id, chunk_index, status, transaction_id, island`.execute(database);
    return payoutRanges(chunks.rows, exceptions.rows);
  }

  #entry(batchId: string, chunkIndex: number): { chunk: boolean; exceptions: boolean } {
    this.addBatch(batchId);
    const chunks = this.#batches.get(batchId) as Map<number, { chunk: boolean; exceptions: boolean }>;
    const entry = chunks.get(chunkIndex) ?? { chunk: false, exceptions: false };
    chunks.set(chunkIndex, entry);
    return entry;
  }
}

/** The ranges to tell, by batch: a chunk's without its exceptions, and those exceptions that changed. Disjoint. */
export function payoutRanges(
  chunks: readonly ChangedChunk[],
  exceptions: readonly ExceptionRange[],
): Map<string, PayoutRange[]> {
  const exceptionsOf = Map.groupBy(exceptions, (range) => `${range.batchId}:${range.chunkIndex}`);
  const ranges = new Map<string, PayoutRange[]>();
  for (const chunk of chunks) {
    const own = exceptionsOf.get(`${chunk.batchId}:${chunk.chunkIndex}`) ?? [];
    const told: (Rows & Pick<ExceptionRange, 'status' | 'transactionId'>)[] = [];
    if (chunk.chunkChanged) {
      const { status, transactionId } = chunk;
      told.push(...without(chunk, own).map((rows) => ({ ...rows, status, transactionId })));
    }
    if (chunk.exceptionsChanged) told.push(...own);
    const list = ranges.get(chunk.batchId) ?? [];
    list.push(
      ...told.map(({ firstIndex, lastIndex, status, transactionId }) => ({
        ...{ firstIndex, lastIndex, status, transactionId },
      })),
    );
    ranges.set(chunk.batchId, list);
  }
  return ranges;
}

/** The parts of `rows` that none of `holes` covers. */
function without(rows: Rows, holes: readonly Rows[]): Rows[] {
  const parts: Rows[] = [];
  let firstIndex = rows.firstIndex;
  for (const hole of [...holes].sort((a, b) => a.firstIndex - b.firstIndex)) {
    if (hole.firstIndex > firstIndex) parts.push({ firstIndex, lastIndex: hole.firstIndex - 1 });
    firstIndex = Math.max(firstIndex, hole.lastIndex + 1);
  }
  if (firstIndex <= rows.lastIndex) parts.push({ firstIndex, lastIndex: rows.lastIndex });
  return parts;
}
