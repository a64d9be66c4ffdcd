import { sql } from 'kysely';
import { alignById } from '../alignById.ts';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';
import type { SignerRow } from './loadSigners.ts';

/**
 * Signers that an object the viewer already reads refers to: who decided an approval stays named after they left.
 * @throws UnauthenticatedError
 */
export async function loadReferencedSigners(
  context: RequestContext,
  ids: readonly string[],
): Promise<(SignerRow | null)[]> {
  requireViewer(context);
  const rows = await context.log.database
    .selectFrom('signer')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .execute();
  return alignById(ids, rows);
}
