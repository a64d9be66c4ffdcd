import { sql } from 'kysely';
import type { Queryable } from '../../prisma/database.ts';
import { WAS_PAID } from './findPaidRecipients.ts';

const MAX_PAYEES_PER_QUERY = 2_000;

/** At which addresses payees were paid before on a chain, or are being paid, by the payee's id; only of who was. */
export async function findPaidPayeeAddresses(
  database: Queryable,
  { organizationId, chainId }: { organizationId: string; chainId: string },
  payeeIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const asked = [...new Set(payeeIds)];
  const paidAt = new Map<string, Set<string>>();
  for (let first = 0; first < asked.length; first += MAX_PAYEES_PER_QUERY) {
    const part = asked.slice(first, first + MAX_PAYEES_PER_QUERY);
    const { rows } = await sql<{ payeeId: string; recipient: string }>`
      select distinct payout.payee_id, payout.recipient
      from payout join payout_batch batch on batch.id = payout.batch_id
      where payout.payee_id = any(${part}::uuid[]) and payout.organization_id = ${organizationId}
        and batch.chain_id = ${chainId} and ${WAS_PAID}`.execute(database);
    for (const { payeeId, recipient } of rows) {
      const addresses = paidAt.get(payeeId) ?? new Set();
      paidAt.set(payeeId, addresses.add(recipient));
    }
  }
  return paidAt;
}
