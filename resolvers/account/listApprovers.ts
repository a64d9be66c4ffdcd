import { sql } from 'kysely';
import type { SignerRow } from '../organization/loadSigners.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

/**
 * Accounts' owners on chain that are keys of members of the account's organization, in the chain's order; at most 50 an
 * account. Of other owners nothing is told, be they registered here or not: anybody can make a Safe with anybody as an owner.
 * @returns lists in the order of `accountIds`
 * @throws UnauthenticatedError
 */
export async function listApprovers(
  context: RequestContext,
  accountIds: readonly string[],
): Promise<SignerRow[][]> {
  const rows = await context.log.database
    .selectFrom('account')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom(
            sql<{ address: string; place: number }>`unnest(account.owners) with ordinality`.as<'owner'>(
              sql`owner (address, place)`,
            ),
          )
          .selectAll()
          .as('owner'),
      (join) => join.onTrue(),
    )
    .innerJoin('signer', 'signer.address', 'owner.address')
    .innerJoin('membership', (join) =>
      join
        .onRef('membership.organizationId', '=', 'account.organizationId')
        .onRef('membership.userId', '=', 'signer.userId'),
    )
    .selectAll('signer')
    .select('account.id as accountId')
    .where('account.id', '=', sql<string>`any(${[...new Set(accountIds)]}::uuid[])`)
    .where(viewerIsMember(context, sql.ref('account.organizationId')))
    .orderBy('account.id')
    .orderBy('owner.place')
    .execute();
  const byAccount = Map.groupBy(rows, (row) => row.accountId);
  return accountIds.map((accountId) => byAccount.get(accountId) ?? []);
}
