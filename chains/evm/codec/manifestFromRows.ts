import { MAX_PAYOUTS_PER_BATCH } from '../../../core/limits.ts';
import { chunkRows } from './chunkRows.ts';
import { CodecError } from './codecError.ts';
import { type Manifest, manifestTree } from './manifest.ts';
import { packRows } from './packRows.ts';
import { maxRowsPerChunk } from './payoutGas.ts';
import type { PayoutRow } from './payoutRow.ts';

/** What a manifest says besides what follows from its rows. */
export type ManifestTerms = Omit<Manifest, 'total' | 'root' | 'chunkCount' | 'chunks'>;

/**
 * The manifest of a batch: rows in order, cut into the largest chunks that `gasPerPayout` allows, summed and hashed.
 * The same terms and rows give the same manifest everywhere, which is how an approver checks one against their own file.
 *
 * @throws CodecError when there are no rows or too many, or one is not payable
 */
export function manifestFromRows(terms: ManifestTerms, rows: readonly PayoutRow[]): Manifest {
  if (rows.length > MAX_PAYOUTS_PER_BATCH) {
    throw new CodecError('rows', `expected at most ${MAX_PAYOUTS_PER_BATCH} payouts, found ${rows.length}.`);
  }
  const chunks = chunkRows(rows, maxRowsPerChunk(terms.gasPerPayout)).map(packRows);
  const { root, chunkCount } = manifestTree({ ...terms, chunks });
  let total = 0n;
  for (const { units } of rows) total += units;
  return { ...terms, total, root, chunkCount, chunks };
}
