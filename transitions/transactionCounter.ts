import { Counter, type Registry } from 'prom-client';
import type { TransactionKind, TransactionStatus } from '../prisma/generated/database.ts';

/** Transactions of ours that one database transaction moved to a status. `count`: of this kind and status; 1 unless said. */
export type TransactionMove = {
  readonly kind: TransactionKind;
  readonly status: TransactionStatus;
  readonly count?: number;
};

/**
 * Counts moves in `payout_transaction_total`. Worker and indexer both write statuses, and may be one process: the counter is
 * made once a registry.
 * @returns to be called after the commit. @param chain CAIP-2. Transactions of other people (FOREIGN) are not counted.
 */
export function transactionCounter(
  registry: Registry,
): (chain: string, moves: readonly TransactionMove[]) => void {
  const name = 'payout_transaction_total';
  const made = registry.getSingleMetric(name) as Counter | undefined;
  const counter =
    made ??
    new Counter({
      name,
      help: 'Transactions of ours that were moved to a status, counted where it was written and after its commit. A reorg moves a transaction to BROADCAST again, so one may be counted in a status more than once.',
      labelNames: ['chain', 'kind', 'status'],
      registers: [registry],
    });
  return (chain, moves) => {
    for (const { kind, status, count = 1 } of moves) {
      if (kind !== 'FOREIGN' && count > 0) counter.inc({ chain, kind, status }, count);
    }
  };
}
