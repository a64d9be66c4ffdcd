import { sql } from 'kysely';
import type { PayoutLine } from '../../payroll/checks/payoutChecker.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { PayoutBatchStatus } from '../../prisma/generated/database.ts';

const MAX_REFERENCES_PER_QUERY = 2_000;

export type PaidReference = {
  row: number;
  reference: string;
  batchTitle: string;
  batchStatus: PayoutBatchStatus;
};

/**
 * Which lines carry a reference that another batch of the organization carries too: paid, being paid, or still a draft.
 * Rows that failed, and batches that ended without paying, do not count. One index look-up a reference.
 */
export async function findPaidReferences(
  database: Queryable,
  organizationId: string,
  lines: readonly PayoutLine[],
): Promise<PaidReference[]> {
  const rowOf = new Map<string, number>();
  for (const { reference, row } of lines) if (reference !== null) rowOf.set(reference, row);
  const references = [...rowOf.keys()];
  const found: PaidReference[] = [];
  for (let first = 0; first < references.length; first += MAX_REFERENCES_PER_QUERY) {
    const part = references.slice(first, first + MAX_REFERENCES_PER_QUERY);
    const { rows } = await sql<Omit<PaidReference, 'row'>>`
      select asked.reference, earlier.title as batch_title, earlier.status as batch_status
      from unnest(${part}::text[]) as asked (reference)
      cross join lateral (
        select batch.title, batch.status
        from payout
        join payout_batch batch on batch.id = payout.batch_id
        where payout.organization_id = ${organizationId} and payout.reference = asked.reference
          and batch.status not in ('REJECTED', 'CANCELLED', 'EXPIRED', 'FAILED')
          and not exists (
            select from payout_exception failed
            where failed.batch_id = payout.batch_id and failed.row_index = payout.row_index
              and failed.status = 'FAILED'
          )
        limit 1
      ) as earlier`.execute(database);
    for (const row of rows) found.push({ ...row, row: rowOf.get(row.reference) as number });
  }
  return found;
}

/** What to tell about it. */
export function describePaidReference({ batchTitle, batchStatus }: PaidReference): string {
  const state = batchStatus.toLowerCase().replaceAll('_', ' ');
  return `The batch “${batchTitle}” (${state}) carries the same reference. Make sure that this is not paid twice.`;
}
