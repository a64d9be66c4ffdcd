import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type Hash, numberToHex, parseAbi, toEventSelector } from 'viem';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createNodeMetrics } from '../../chains/evm/client/nodes/nodeMetrics.ts';
import { createNodePool, type NodePool } from '../../chains/evm/client/nodes/nodePool.ts';
import { createIndexerMetrics } from '../../indexer/indexerMetrics.ts';
import { type RunningIndexer, runIndexer } from '../../indexer/runIndexer.ts';
import { type NodeProxy, startNodeProxy } from '../kit/nodeProxy.ts';
import { catchUp, createFollower, followedChain } from './indexerFollower.ts';
import { entriesOf, executeAsStranger } from './indexerKit.ts';
import { type LyingNode, startLyingNode } from './indexerNode.ts';
import { disturb } from './nodesKit.ts';
import { openedBatch } from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';

// The log says what two nodes said, or nothing.

const [CHUNK_EXECUTED, VAULT_CLOSED] = parseAbi([
  'event ChunkExecuted(uint256 indexed chunkIndex, uint256 owed)',
  'event VaultClosed(uint256 remainder)',
]).map((event) => toEventSelector(event)) as [Hash, Hash];
/** Two chunks. */
const LINES = 230;
const TOLD = ['0-199 INCLUDED', '0-199 CONFIRMED', '200-229 INCLUDED', '0-199 FINAL', '200-229 CONFIRMED'];

let kit: PayoutsKit;
let liar: LyingNode;
let other: NodeProxy;
let running: { indexer: RunningIndexer; pool: NodePool; registry: Registry } | null = null;
beforeAll(async () => {
  kit = await startPayoutsKit({ indexer: false });
  liar = await startLyingNode(kit.chain.rpcUrl);
  other = await startNodeProxy(kit.chain.rpcUrl, { process: 'test', node: 'other' });
});
afterEach(async () => {
  liar.lie(null);
  await stopIndexer();
});
afterAll(async () => {
  await Promise.all([liar?.stop(), other?.stop()]);
  await kit?.stop();
});

async function startIndexerOf(...rpcUrls: string[]) {
  const registry = new Registry();
  const logger = pino({ level: 'silent' });
  const chain = await followedChain(kit.database);
  const pool = createNodePool(
    {
      caip2: chain.caip2,
      eip155ChainId: kit.chain.chainId,
      nodes: rpcUrls.map((rpcUrl) => ({ rpcUrl })),
    },
    { logger, metrics: createNodeMetrics(registry), pollIntervalMs: 50 },
  );
  const indexer = runIndexer({
    ...{ log: kit.log, lockUrl: kit.testDatabase.appUrl, chain, pool, logger },
    metrics: createIndexerMetrics(registry),
  });
  running = { indexer, pool, registry };
  return running;
}

async function stopIndexer() {
  await running?.indexer.close();
  running?.pool.close();
  running = null;
}

/** Instead of "chunk 0 was paid": "the vault was closed"; instead of "chunk 1 was paid": "nobody of it was". */
function lieAboutPayouts(method: string, _: readonly unknown[], result: unknown): unknown {
  if (method === 'eth_getLogs') return (result as TestLog[]).map(falseLog);
  if (method !== 'eth_getTransactionReceipt' || result === null) return result;
  const receipt = result as { logs: TestLog[] };
  return { ...receipt, logs: receipt.logs.map(falseLog) };
}

type TestLog = { topics: Hash[]; data: string };

function falseLog(log: TestLog): TestLog {
  if (log.topics[0] !== CHUNK_EXECUTED) return log;
  if (BigInt(log.topics[1] ?? '0x1') === 0n) {
    return { ...log, topics: [VAULT_CLOSED], data: numberToHex(0, { size: 32 }) };
  }
  return { ...log, data: numberToHex((1n << 30n) - 1n, { size: 32 }) };
}

async function toldOf(batchId: string): Promise<string[]> {
  const told = (await entriesOf(kit, batchId)).filter((entry) => entry.type.startsWith('PAYOUTS_'));
  return told.flatMap(({ changes }) =>
    (changes ?? []).map(({ firstIndex, lastIndex, status }) => `${firstIndex}-${lastIndex} ${status}`),
  );
}

async function headNumber(): Promise<bigint | null> {
  const chain = await kit.database.selectFrom('chain').select('headNumber').executeTakeFirstOrThrow();
  return chain.headNumber;
}

test('one of three nodes lies about chunks and closings: the log never holds a word of it', async () => {
  const slow = await Promise.all(
    ['2', '3'].map((node) => startNodeProxy(kit.chain.rpcUrl, { process: 'test', node })),
  );
  // So that the liar is the first to be asked.
  for (const node of slow) disturb(node, { kind: 'DELAY', ms: 60 });
  const { pool, registry } = await startIndexerOf(liar.rpcUrl, ...slow.map(({ rpcUrl }) => rpcUrl));
  const { batchId, lines } = await openedBatch(kit, LINES);
  liar.lie(lieAboutPayouts);
  const hash = await executeAsStranger(kit, batchId, 0);
  await kit.mine(2);
  await executeAsStranger(kit, batchId, 1);
  await kit.mine(FINAL_DEPTH);
  expect((await kit.batch(batchId)).status).toBe('COMPLETED');
  expect((await toldOf(batchId)).toSorted()).toEqual([...TOLD, '200-229 FINAL'].toSorted());
  expect(await kit.batch(batchId)).toMatchObject({ closedAtBlock: null });
  await kit.requirePaidOnce(lines);
  const { blockHash } = await kit.chain.client.getTransactionReceipt({ hash });
  await expect
    .poll(async () => {
      // On a busy machine the honest two may have been the faster ones all the time.
      await pool.checked.getLogs({ blockHash });
      return pool.states();
    })
    .toContainEqual({ node: '1', state: 'LYING', why: 'the others contradict it about eth_getLogs' });
  expect(await registry.metrics()).toMatch(/rpc_node_demotions_total\{.*node="1",reason="LYING"\} 1\n/);
  await stopIndexer();
  await Promise.all(slow.map((node) => node.stop()));
});

test('one of two nodes lies: nothing is written of its block, until it lies no more', async () => {
  await startIndexerOf(liar.rpcUrl, other.rpcUrl);
  const { batchId, lines } = await openedBatch(kit, LINES);
  const before = await headNumber();
  liar.lie(lieAboutPayouts);
  await executeAsStranger(kit, batchId, 0);
  await kit.chain.mine();
  await expect.poll(disagreements).toBeGreaterThan(1);
  expect(await headNumber()).toBe(before);
  expect(await toldOf(batchId)).toEqual([]);
  liar.lie(null);
  await executeAsStranger(kit, batchId, 1);
  await kit.mine(FINAL_DEPTH + 1);
  await kit.requirePaidOnce(lines);
  expect((await kit.batch(batchId)).status).toBe('COMPLETED');
});

test('one of two nodes is down: nothing is written, and it goes on when it is back', async () => {
  const { pool } = await startIndexerOf(other.rpcUrl, kit.chain.rpcUrl);
  const { batchId, lines } = await openedBatch(kit, LINES);
  await other.refuse();
  const before = await headNumber();
  await executeAsStranger(kit, batchId, 0);
  await executeAsStranger(kit, batchId, 1);
  await kit.chain.mine(FINAL_DEPTH + 1);
  await expect.poll(() => pool.states()[0]?.state).toBe('FAILING');
  expect(await headNumber()).toBe(before);
  await other.accept();
  await kit.untilIndexed();
  await kit.requirePaidOnce(lines);
  expect((await kit.batch(batchId)).status).toBe('COMPLETED');
});

test('the same lie of the only node is believed: it is two nodes that keep it out', async () => {
  await startIndexerOf(kit.chain.rpcUrl);
  const { batchId } = await openedBatch(kit, LINES);
  await stopIndexer();
  liar.lie(lieAboutPayouts);
  await executeAsStranger(kit, batchId, 0);
  await kit.chain.mine(FINAL_DEPTH + 1);
  await catchUp(await createFollower(kit, liar.rpcUrl));
  expect((await kit.batch(batchId)).closedAtBlock).not.toBeNull();
});

async function disagreements(): Promise<number> {
  const metrics = (await running?.registry.metrics()) ?? '';
  return Number(/rpc_cross_check_total\{.*outcome="disagreed"\} (\d+)/.exec(metrics)?.[1] ?? 0);
}
