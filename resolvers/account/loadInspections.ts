import { type Selectable, sql } from 'kysely';
import type { SafeFault } from '../../core/safeFaults.ts';
import type { AccountInspectionTable } from '../../prisma/generated/database.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

/** What an account's Safe is made of. Addresses checksummed. */
export type InspectionRow = Omit<Selectable<AccountInspectionTable>, 'faults'> & {
  faults: readonly SafeFault[];
};

/**
 * Inspections by account, in the order asked for; null for what was not read yet or belongs to strangers.
 * @throws UnauthenticatedError
 */
export async function loadInspections(
  context: RequestContext,
  accountIds: readonly string[],
): Promise<(InspectionRow | null)[]> {
  const rows = await context.log.database
    .selectFrom('accountInspection')
    .selectAll()
    .where('accountId', '=', sql<string>`any(${[...new Set(accountIds)]}::uuid[])`)
    .where(viewerIsMember(context, sql.ref('accountInspection.organizationId')))
    .execute();
  const byAccount = new Map(rows.map((row) => [row.accountId, row as InspectionRow]));
  return accountIds.map((accountId) => byAccount.get(accountId) ?? null);
}
