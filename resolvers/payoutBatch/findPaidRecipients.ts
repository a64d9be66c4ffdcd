import { sql } from 'kysely';
import type { Address } from 'viem';
import type { Queryable } from '../../prisma/database.ts';

const MAX_ADDRESSES_PER_QUERY = 2_000;

/**
 * On `payout` and its `batch`: approvers let the chain open the batch, and the row did not fail. Drafts and what still waits
 * for approval do not count: nobody has checked those yet.
 */
export const WAS_PAID = sql<boolean>`(batch.status in ('EXECUTING', 'COMPLETED', 'PARTIALLY_FAILED')
  and not exists (
    select from payout_exception failed
    where failed.batch_id = payout.batch_id and failed.row_index = payout.row_index
      and failed.status in ('UNDELIVERED', 'FAILED')))`;

/**
 * Which of these addresses the organization has paid before on this chain, or is paying: in a batch that its approvers let
 * the chain open, by a row that did not fail. One index look-up an address.
 */
export async function findPaidRecipients(
  database: Queryable,
  { organizationId, chainId }: { organizationId: string; chainId: string },
  addresses: readonly Address[],
): Promise<Set<string>> {
  const asked = [...new Set(addresses)];
  const paid = new Set<string>();
  for (let first = 0; first < asked.length; first += MAX_ADDRESSES_PER_QUERY) {
    const part = asked.slice(first, first + MAX_ADDRESSES_PER_QUERY);
    const { rows } = await sql<{ address: string }>`
      select asked.address from unnest(${part}::text[]) as asked (address)
      where exists (
        select from payout
        join payout_batch batch on batch.id = payout.batch_id
        where payout.organization_id = ${organizationId} and payout.recipient = asked.address
          and batch.chain_id = ${chainId} and ${WAS_PAID}
      )`.execute(database);
    for (const { address } of rows) paid.add(address);
  }
  return paid;
}
