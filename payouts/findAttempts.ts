import type { Queryable } from '../prisma/database.ts';
import type { TransactionKind, TransactionStatus } from '../prisma/generated/database.ts';
import { SPENT_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';
import { type Finality, isOverForGood } from './finality.ts';

const SPENT: ReadonlySet<TransactionStatus> = new Set(SPENT_TRANSACTION_STATUSES);

/** What a transaction is for. */
export type Purpose =
  | { readonly kind: Extract<TransactionKind, 'OPEN' | 'CLOSE'>; readonly approvalId: string }
  | { readonly kind: Extract<TransactionKind, 'CLOSE'>; readonly batchId: string }
  | { readonly kind: Extract<TransactionKind, 'ACCOUNT'>; readonly accountId: string };

export type Attempts = {
  /** Whether one of ours may still do it: then no other is signed. */
  readonly live: boolean;
  /** How many used their nonce for nothing. */
  readonly failed: number;
};

/**
 * Our transactions for one purpose, which the caller knows not to be fulfilled: a handful. What a reorg may still run
 * again counts as live.
 */
export async function findAttempts(
  database: Queryable,
  purpose: Purpose,
  finality: Finality,
): Promise<Attempts> {
  let query = database
    .selectFrom('chainTransaction')
    .select(['status', 'blockNumber', 'sender', 'nonce'])
    .where('kind', '=', purpose.kind)
    .where('rawTransaction', 'is not', null);
  if ('approvalId' in purpose) query = query.where('approvalId', '=', purpose.approvalId);
  else if ('accountId' in purpose) query = query.where('accountId', '=', purpose.accountId);
  else query = query.where('batchId', '=', purpose.batchId);
  const attempts = await query.execute();
  return {
    live: attempts.some((attempt) => !isOverForGood(attempt, finality)),
    failed: attempts.filter(({ status }) => SPENT.has(status)).length,
  };
}
