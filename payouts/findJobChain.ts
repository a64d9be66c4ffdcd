import type { Queryable } from '../prisma/database.ts';

/** Which chain a job is about, as CAIP-2, by its batch or its account; null where there is no such, or nobody can tell. */
export async function findJobChain(
  database: Queryable,
  subject: { readonly batchId: string } | { readonly accountId: string },
): Promise<string | null> {
  const found =
    'batchId' in subject
      ? database
          .selectFrom('payoutBatch')
          .innerJoin('chain', 'chain.id', 'payoutBatch.chainId')
          .select('chain.caip2')
          .where('payoutBatch.id', '=', subject.batchId)
      : database
          .selectFrom('account')
          .innerJoin('chain', 'chain.id', 'account.chainId')
          .select('chain.caip2')
          .where('account.id', '=', subject.accountId);
  // For a line in the log: it must not hide what went wrong.
  const row = await found.executeTakeFirst().catch(() => undefined);
  return row?.caip2 ?? null;
}
