import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { createIndexerMetrics } from '../../indexer/indexerMetrics.ts';
import { type RunningIndexer, runIndexer } from '../../indexer/runIndexer.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { recover } from '../../payouts/recover.ts';
import type { NodeFaultRule } from '../kit/nodeFaults.ts';
import { NODE_LIES } from '../kit/nodeLies.ts';
import { followedChain } from './indexerFollower.ts';
import { entriesOf } from './indexerKit.ts';
import { type PooledNodes, startPooledNodes } from './nodesKit.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { payees, totalOf } from './payoutsSeed.ts';

// Engine and indexer over three nodes: one lies whenever it can, one breaks and rests, and each sends as it likes.

const SEEDS = ['a', 'b'];
/** Two chunks: their open goes out alone or with them. */
const LINES = 230;
const MAX_ROUNDS = 60;
const POLL_INTERVAL_MS = 500;
const LIES: readonly NodeFaultRule[] = NODE_LIES.filter((lie) => lie !== 'CHAIN_ID_CHANGED').map((lie) => ({
  ...{ perMille: 300, fault: { kind: 'LIE', lie } },
}));
const TROUBLE: readonly NodeFaultRule[] = [
  { perMille: 10, fault: { kind: 'DROP_BEFORE' } },
  { perMille: 10, fault: { kind: 'DROP_AFTER' } },
  { methods: ['eth_sendRawTransaction'], perMille: 300, fault: { kind: 'ERROR_AFTER' } },
];

/** Rounds wait for nodes that are out, and those wait by the clock. */
const LIMIT_MS = 900_000;

let kit: PayoutsKit;
let nodes: PooledNodes;
let indexer: RunningIndexer;
beforeAll(async () => {
  kit = await startPayoutsKit({ indexer: false });
});
// Anew for each seed: who lied in the one is well in the next.
beforeEach(async () => {
  nodes = await startPooledNodes(kit.chain.rpcUrl, 3, kit.chain.chainId, POLL_INTERVAL_MS);
  indexer = runIndexer({
    ...{ log: kit.log, lockUrl: kit.testDatabase.appUrl, chain: await followedChain(kit.database) },
    ...{ pool: nodes.pool, logger: pino({ level: 'silent' }), metrics: createIndexerMetrics(new Registry()) },
  });
});
afterEach(async () => {
  await indexer?.close();
  await nodes?.stop();
});
afterAll(() => kit?.stop());

function engineOf({ client, checked, canBeAsked }: PooledNodes['pool']): PayoutEngine {
  const engine = kit.engine();
  const { fees } = required(engine.chains.get(kit.chain.chainId), 'The chain');
  return { ...engine, chains: new Map([[kit.chain.chainId, { client, checked, fees, canBeAsked }]]) };
}

test.each(SEEDS)(
  'everybody is paid once and the log is true, whatever one node says and another drops (%s)',
  async (seed) => {
    const lines = payees(LINES, 8_000_000 + SEEDS.indexOf(seed) * 10_000);
    const account = await kit.openAccount(totalOf(lines));
    const batchId = await kit.submitBatch(account, lines);
    const engine = engineOf(nodes.pool);
    nodes.node(1).setPlan({ seed, rules: LIES });
    nodes.node(2).setPlan({ seed, rules: TROUBLE });
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if ((await kit.batch(batchId)).status === 'COMPLETED') break;
      // What cannot be concluded now is, in a later round.
      await advanceBatch(engine, batchId).catch(requireOfNodes);
      await recover(engine, { patient: false }).catch(requireOfNodes);
      await kit.mine();
    }
    nodes.node(1).setPlan(null);
    nodes.node(2).setPlan(null);
    expect((await kit.batch(batchId)).status).toBe('COMPLETED');
    await kit.requirePaidOnce(lines);
    const told = (await entriesOf(kit, batchId)).flatMap(({ changes }) => changes ?? []);
    expect(told.map(({ status }) => status)).not.toContain('FAILED');
    expect(told.map(({ status }) => status)).not.toContain('UNDELIVERED');
    expect(nodes.node(1).faultCounts().get('LIE')).toBeGreaterThan(0);
  },
  LIMIT_MS,
);

function requireOfNodes(error: unknown): void {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (/nodes?|HTTP|request/i.test(one.message)) return;
  }
  throw error;
}
