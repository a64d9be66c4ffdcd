import { CodecError } from './codecError.ts';
import { MAX_ROWS_PER_CHUNK } from './payoutRow.ts';

/**
 * Rows in their order, cut into chunks of `rowsPerChunk`; only the last may be shorter. The cut is part of what is
 * signed (it decides the root), so everybody derives it from the batch's gas per payout: pass
 * `maxRowsPerChunk(gasPerPayout)`.
 *
 * @throws CodecError when there are no rows or `rowsPerChunk` is not in 1 … 200
 */
export function chunkRows<Row>(rows: readonly Row[], rowsPerChunk: number): Row[][] {
  if (!Number.isInteger(rowsPerChunk) || rowsPerChunk < 1 || rowsPerChunk > MAX_ROWS_PER_CHUNK) {
    throw new CodecError('rowsPerChunk', `expected 1 to ${MAX_ROWS_PER_CHUNK}, found ${rowsPerChunk}.`);
  }
  if (rows.length === 0) throw new CodecError('rows', 'a batch has at least one row.');
  const chunks: Row[][] = [];
  for (let start = 0; start < rows.length; start += rowsPerChunk) {
    chunks.push(rows.slice(start, start + rowsPerChunk));
  }
  return chunks;
}
