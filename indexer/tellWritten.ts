import type { Logger } from 'pino';
import type { PayoutRange } from '../events/eventPayloads.ts';
import type { Database } from '../prisma/database.ts';
import type { Written } from './applyBlock.ts';
import type { IndexerMetrics } from './indexerMetrics.ts';

type Teller = {
  readonly log: { readonly database: Database };
  readonly chain: { readonly caip2: string };
  readonly logger: Logger;
  readonly metrics: IndexerMetrics;
};

type Stage = 'included' | 'final';

/**
 * Says in metrics and log lines what a block changed, after its commit. One statement, only where chunks were included or
 * became final. It never throws: what is committed is not done again for want of a figure.
 * @param block null when blocks were taken back
 */
export async function tellWritten(
  teller: Teller,
  written: Written,
  block: { readonly number: bigint } | null,
): Promise<void> {
  const { chain, logger, metrics } = teller;
  metrics.moved(chain.caip2, [...written.transactions, ...written.moves]);
  for (const {
    id,
    batchId,
    chunkIndex,
    organizationId,
    accountId,
    hash,
    kind,
    status,
  } of written.transactions) {
    const level = kind === 'FOREIGN' && batchId === null ? 'debug' : 'info';
    logger[level](
      {
        ...{ organizationId, batchId, chunkIndex, transactionId: id, hash, kind, status },
        ...(batchId === null ? { accountId } : {}),
        block: block?.number,
      },
      'a block decided about a transaction',
    );
  }
  try {
    await observeDurations(teller, written.ranges);
  } catch (error) {
    logger.warn({ err: error }, 'how long payouts took could not be measured');
  }
}

async function observeDurations(
  { log, chain, metrics }: Teller,
  ranges: ReadonlyMap<string, readonly PayoutRange[]>,
): Promise<void> {
  const reached = [...ranges].flatMap(([batchId, changes]) =>
    changes.flatMap(({ status }): { batchId: string; stage: Stage }[] => {
      if (status === 'INCLUDED') return [{ batchId, stage: 'included' }];
      return status === 'FINAL' ? [{ batchId, stage: 'final' }] : [];
    }),
  );
  if (reached.length === 0) return;
  const now = Date.now();
  const approved = await log.database
    .selectFrom('approval')
    .innerJoin('approvalDecision as decision', 'decision.approvalId', 'approval.id')
    .select((eb) => ['approval.batchId', eb.fn.max('decision.decidedAt').as('at')])
    .where('approval.batchId', 'in', [...new Set(reached.map(({ batchId }) => batchId))])
    .where('approval.kind', '=', 'PAYOUT_OPEN')
    .where('decision.verdict', '=', 'GRANTED')
    .groupBy('approval.batchId')
    .execute();
  const approvedAt = new Map(approved.map(({ batchId, at }) => [batchId, at]));
  for (const { batchId, stage } of reached) {
    // Opened by other Safe tools: nobody here granted anything.
    const at = approvedAt.get(batchId);
    if (at === undefined) continue;
    const seconds = Math.max(0, now - at.getTime()) / 1_000;
    metrics.processingSeconds.observe({ chain: chain.caip2, stage }, seconds);
  }
}
