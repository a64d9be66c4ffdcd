import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { recover } from '../../payouts/recover.ts';
import { startNodeProxy } from '../kit/nodeProxy.ts';
import { disturb } from './nodesKit.ts';
import { approvedBatch } from './payoutsBatches.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { purgePool } from './payoutsLaneKit.ts';
import { executeFromManifest } from './payoutsSafe.ts';

// Whatever happens between two looks at a batch, and however many look at once: no chunk has two live transactions, and
// in the end everybody is paid once.

const SEND = 'eth_sendRawTransaction';
const LINES = 450;
const MAX_REORG_DEPTH = 2;
const MAX_STEPS_TO_THE_END = 80;
const RUNS = 10;
/** On a busy machine fewer runs are made; the one that is being made has its time. */
const RUNS_WITHIN_MS = 120_000;
const TIMEOUT_MS = 900_000;

const STEPS = [
  'ADVANCE',
  'ADVANCE_BY_THREE_AT_ONCE',
  'ADVANCE_UNHEARD',
  'MINE',
  'RECOVER',
  'DROP_POOL',
  'STRANGER',
  'REORG',
] as const;
type Step = (typeof STEPS)[number];

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

const perform: Record<Step, (batchId: string) => Promise<unknown>> = {
  ADVANCE: (batchId) => advanceBatch(kit.engine(), batchId),
  ADVANCE_BY_THREE_AT_ONCE: (batchId) =>
    Promise.all(Array.from({ length: 3 }, () => advanceBatch(kit.engine(), batchId))),
  // As if the worker had been killed between commit and send.
  ADVANCE_UNHEARD: async (batchId) => {
    const node = await startNodeProxy(kit.chain.rpcUrl, { process: 'worker', node: 'mute' });
    disturb(node, { kind: 'DROP_BEFORE' }, [SEND]);
    await advanceBatch(kit.engine({ rpcUrl: node.rpcUrl }), batchId);
    await node.stop();
  },
  MINE: () => kit.mine(),
  RECOVER: () => recover(kit.engine(), { patient: false }),
  DROP_POOL: () => purgePool(kit),
  STRANGER: (batchId) => executeFromManifest(kit, batchId, [0]),
  REORG: async () => {
    await kit.chain.reorg(MAX_REORG_DEPTH);
    await kit.untilIndexed();
  },
};

async function liveTransactions(batchId: string) {
  const { rows } = await sql<{ kind: string; chunkIndex: number | null; count: number }>`
    select kind, chunk_index, count(*)::int as count from chain_transaction
    where batch_id = ${batchId} and raw_transaction is not null and status not in ('REVERTED', 'REPLACED')
    group by kind, chunk_index`.execute(kit.database);
  return rows;
}

test(
  'no sequence of looks, losses, strangers and reorgs makes two live transactions for a chunk',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...STEPS), { minLength: 4, maxLength: 16 }),
        async (steps) => {
          const { batchId, lines } = await approvedBatch(kit, LINES);
          await kit.mine(MAX_REORG_DEPTH);
          for (const step of steps) {
            await perform[step](batchId);
            for (const { count } of await liveTransactions(batchId)) expect(count).toBe(1);
          }
          for (let step = 0; (await kit.batch(batchId)).status !== 'COMPLETED'; step += 1) {
            expect(step).toBeLessThan(MAX_STEPS_TO_THE_END);
            await perform.ADVANCE(batchId);
            await perform.RECOVER(batchId);
            await perform.MINE(batchId);
            for (const { count } of await liveTransactions(batchId)) expect(count).toBe(1);
          }
          await kit.requirePaidOnce(lines);
        },
      ),
      { numRuns: RUNS, interruptAfterTimeLimit: RUNS_WITHIN_MS },
    );
  },
  TIMEOUT_MS,
);
