import type { Manifest } from '../../chains/evm/codec/manifest.ts';
import { required } from '../../core/errors.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { PayoutBatchRow } from '../../transitions/payoutBatchStatus.ts';
import { loadManifestHeaders, loadPackedChunks } from './loadManifests.ts';

/**
 * A submitted batch's manifest, from its packed chunks: what approvers keep, and what the digest follows from. At most
 * 3.2 MB of rows. The batch's openBy and closeAfter are set.
 */
export async function loadManifest(database: Queryable, batch: PayoutBatchRow): Promise<Manifest> {
  const [header] = await loadManifestHeaders(database, [batch]);
  const [chunks] = await loadPackedChunks(database, [batch.id]);
  return { ...required(header, 'The manifest'), chunks: required(chunks, 'The chunks') };
}
