import { type Selectable, sql } from 'kysely';
import type { SignerTable } from '../../prisma/generated/database.ts';
import { alignById } from '../alignById.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerKnowsSigner } from './viewerKnowsSigner.ts';

export type SignerRow = Selectable<SignerTable>;

/** Signers by id, in the order asked for; null for keys that the viewer may not know. @throws UnauthenticatedError */
export async function loadSigners(
  context: RequestContext,
  ids: readonly string[],
): Promise<(SignerRow | null)[]> {
  const rows = await context.log.database
    .selectFrom('signer')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .where(viewerKnowsSigner(context))
    .execute();
  return alignById(ids, rows);
}
