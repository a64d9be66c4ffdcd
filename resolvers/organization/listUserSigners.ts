import { sql } from 'kysely';
import type { RequestContext } from '../requestContext.ts';
import type { SignerRow } from './loadSigners.ts';
import { viewerKnowsSigner } from './viewerKnowsSigner.ts';

/** A person has few keys; more than this are not listed. */
const MAX_SIGNERS_LISTED = 100;

/** Those of people's keys that the viewer may know, oldest first, in the order of `userIds`. @throws UnauthenticatedError */
export async function listUserSigners(
  context: RequestContext,
  userIds: readonly string[],
): Promise<SignerRow[][]> {
  const rows = await context.log.database
    .selectFrom('signer')
    .selectAll()
    .where('userId', '=', sql<string>`any(${[...new Set(userIds)]}::uuid[])`)
    .where(viewerKnowsSigner(context))
    .orderBy('id')
    .execute();
  const byUser = Map.groupBy(rows, (row) => row.userId);
  return userIds.map((userId) => (byUser.get(userId) ?? []).slice(0, MAX_SIGNERS_LISTED));
}
