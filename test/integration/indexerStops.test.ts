import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNodeMetrics } from '../../chains/evm/client/nodes/nodeMetrics.ts';
import { createNodePool, type NodePool } from '../../chains/evm/client/nodes/nodePool.ts';
import { createIndexerMetrics } from '../../indexer/indexerMetrics.ts';
import { runIndexer } from '../../indexer/runIndexer.ts';
import { catchUp, createFollower, followedChain } from './indexerFollower.ts';
import { reorgChain } from './indexerKit.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';

// What no indexer may go on from: a person must look.

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit({ indexer: false });
});
afterAll(async () => {
  for (const pool of pools) pool.close();
  await kit?.stop();
});

const pools: NodePool[] = [];
function poolOf(eip155ChainId: number): NodePool {
  const pool = createNodePool(
    { caip2: `eip155:${eip155ChainId}`, eip155ChainId, nodes: [{ rpcUrl: kit.chain.rpcUrl }] },
    { logger: pino({ level: 'silent' }), metrics: createNodeMetrics(new Registry()) },
  );
  pools.push(pool);
  return pool;
}

async function head() {
  return kit.database.selectFrom('chain').select(['headNumber', 'headHash']).executeTakeFirstOrThrow();
}

test('a reorg below a final block stops the chain and says so; nothing is written', async () => {
  await kit.chain.mine(FINAL_DEPTH + 2);
  await catchUp(await createFollower(kit));
  const before = await head();
  await reorgChain(kit, FINAL_DEPTH + 2);
  const registry = new Registry();
  const chain = await followedChain(kit.database);
  const indexer = runIndexer({
    ...{ log: kit.log, lockUrl: kit.testDatabase.appUrl, chain, pool: poolOf(kit.chain.chainId) },
    logger: pino({ level: 'silent' }),
    metrics: createIndexerMetrics(registry),
  });
  await expect.poll(() => indexer.fault()).toContain('lacks a block that was final');
  expect(await registry.metrics()).toContain(`indexer_stopped{chain="${chain.caip2}"} 1`);
  await indexer.close();
  expect(await head()).toEqual(before);
});

test('a node of another chain is not followed', async () => {
  const indexer = runIndexer({
    ...{ log: kit.log, lockUrl: kit.testDatabase.appUrl, chain: await followedChain(kit.database) },
    pool: poolOf(1),
    logger: pino({ level: 'silent' }),
    metrics: createIndexerMetrics(new Registry()),
  });
  await expect.poll(() => indexer.fault()).toContain('another chain');
  await indexer.close();
});
