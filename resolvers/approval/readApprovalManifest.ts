import { sql } from 'kysely';
import { required } from '../../core/errors.ts';
import type { BatchTerms } from '../../transitions/batchTerms.ts';
import { loadManifestHeaders, loadPackedChunks } from '../payoutBatch/loadManifests.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

/** A manifest in its parts, and what the file made of them must be. */
export type ApprovalManifest = {
  header: BatchTerms;
  chunks: readonly Uint8Array[];
  sha256: string;
  byteSize: number;
};

/** The manifest of an approval's batch; null for what does not exist or belongs to strangers. @throws UnauthenticatedError */
export async function readApprovalManifest(
  context: RequestContext,
  approvalId: string,
): Promise<ApprovalManifest | null> {
  const { database } = context.log;
  const batch = await database
    .selectFrom('payoutBatch')
    .selectAll()
    .where('id', '=', (eb) =>
      eb
        .selectFrom('approval')
        .select('batchId')
        .where('approval.id', '=', approvalId)
        .where(viewerIsMember(context, sql.ref('approval.organizationId'))),
    )
    .executeTakeFirst();
  if (batch === undefined) return null;
  const [header] = await loadManifestHeaders(database, [batch]);
  const [chunks] = await loadPackedChunks(database, [batch.id]);
  return {
    header: required(header, 'The manifest'),
    chunks: required(chunks, 'The chunks'),
    sha256: required(batch.manifestSha256, 'The manifest’s hash'),
    byteSize: required(batch.manifestByteSize, 'The manifest’s size'),
  };
}
