import { type RawBuilder, sql } from 'kysely';
import { LIVE_BATCH_STATUSES, type PayoutBatchRow } from '../transitions/payoutBatchStatus.ts';
import { type Blocker, noteBlocker } from './blocker.ts';
import { withFields } from './logFields.ts';
import type { PayoutEngine } from './payoutEngine.ts';

const MAX_NOTED_PER_ROUND = 100;

const NODES_UNAVAILABLE: Blocker = {
  code: 'NODES_UNAVAILABLE',
  message: 'Too few of the chain’s nodes answer. It goes on by itself when they do.',
};

/**
 * Says of batches that wait for nodes that they do; what is known to hold one anyway stands. A bounded number a round.
 * @param due batches that would have their turn if their chain's nodes could be asked
 */
export async function noteNodesBlockers(
  engine: PayoutEngine,
  due: RawBuilder<{ readonly id: string }>,
): Promise<void> {
  await note(
    engine,
    sql`batch.blocker_code is null and batch.id in (select id from (${due}) due)`,
    NODES_UNAVAILABLE,
  );
}

/** Of chains whose nodes can be asked again, no batch waits for them. @param chainIds EIP-155 ids */
export async function clearNodesBlockers(engine: PayoutEngine, chainIds: readonly string[]): Promise<void> {
  const isOver = sql`batch.blocker_code = ${NODES_UNAVAILABLE.code}
    and chain.eip155_chain_id = any(${chainIds}::bigint[])`;
  await note(engine, isOver, null);
}

async function note(
  engine: PayoutEngine,
  which: RawBuilder<unknown>,
  blocker: Blocker | null,
): Promise<void> {
  const { rows } = await sql<PayoutBatchRow & { readonly caip2: string }>`
    select batch.*, chain.caip2 from payout_batch batch join chain on chain.id = batch.chain_id
    where batch.status in (${sql.join([...LIVE_BATCH_STATUSES])}) and ${which}
    order by batch.id limit ${MAX_NOTED_PER_ROUND}`.execute(engine.log.database);
  for (const { caip2, ...batch } of rows) {
    const fields = { organizationId: batch.organizationId, batchId: batch.id, chain: caip2 };
    await noteBlocker(withFields(engine, fields), batch, blocker);
  }
}
