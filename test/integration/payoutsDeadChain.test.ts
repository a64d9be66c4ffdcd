import { sql } from 'kysely';
import { pino } from 'pino';
import { type Hex, keccak256, stringToBytes } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { forgetJobs } from '../../payouts/forgetJobs.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { SWEEP_START, sweep } from '../../payouts/sweep.ts';
import { readEnvironment } from '../../server/env.ts';
import type { RunningRole } from '../../server/roles/role.ts';
import { startWorker } from '../../server/roles/worker.ts';
import { disturb, type PooledNodes, startPooledNodes } from './nodesKit.ts';
import { approvedBatch } from './payoutsBatches.ts';
import { eventually } from './payoutsEventually.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import {
  chainConfig,
  relayerKeyOf,
  type SharedParts,
  sharedParts,
  stopShared,
  variables,
} from './payoutsParts.ts';

// A chain whose nodes are gone holds its own batches, and says so; it takes no place of other chains' jobs.

const SECOND_KEY: Hex = keccak256(stringToBytes('a relayer that nobody funded'));
const DROPPED = { kind: 'DROP_BEFORE' } as const;
/** All that the pool asks by itself. */
const POLLED = 'eth_getBlockByNumber';

let kit: PayoutsKit;
let nodes: PooledNodes;
let parts: SharedParts;
let worker: RunningRole | null = null;
beforeAll(async () => {
  kit = await startPayoutsKit();
  nodes = await startPooledNodes(kit.chain.rpcUrl, 1, kit.chain.chainId);
  const { rpcUrl } = nodes.node(1);
  parts = await sharedParts([kit.chain], kit.testDatabase, [
    { ...chainConfig(kit.chain), nodes: [{ rpcUrl }] },
  ]);
});
afterAll(async () => {
  await stopShared(worker, parts);
  await nodes?.stop();
  await kit?.stop();
});

function engine(): PayoutEngine {
  const engine = kit.engine();
  const { fees } = required(engine.chains.get(kit.chain.chainId), 'The chain');
  const { client, checked, canBeAsked } = nodes.pool;
  return { ...engine, chains: new Map([[kit.chain.chainId, { client, checked, canBeAsked, fees }]]) };
}

async function revisionOf(batchId: string): Promise<number | undefined> {
  const { rows } = await sql<{ revision: number }>`
    select revision from graphile_worker.jobs where key = ${`batch.advance:${batchId}`}`.execute(
    kit.database,
  );
  return rows[0]?.revision;
}

async function untilAskable(is: boolean): Promise<void> {
  await eventually(async () => {
    if (nodes.pool.canBeAsked() !== is) throw new Error(`Can be asked: ${!is}`);
  });
}

test('what waits for nodes says so, is not enqueued, and fails at once; all of that ends with their return', async () => {
  const { batchId } = await approvedBatch(kit, 1);
  const before = await revisionOf(batchId);
  disturb(nodes.node(1), DROPPED);
  await untilAskable(false);
  await sweep(engine(), SWEEP_START);
  expect(await revisionOf(batchId)).toBe(before);
  expect(await kit.batch(batchId)).toMatchObject({ blockerCode: 'NODES_UNAVAILABLE' });
  const asked = () => [...nodes.node(1).callCounts()].filter(([method]) => method !== POLLED);
  const askedBefore = asked();
  await expect(advanceBatch(engine(), batchId)).rejects.toMatchObject({ code: 'NODES_UNAVAILABLE' });
  expect(asked()).toEqual(askedBefore);
  disturb(nodes.node(1), null);
  await untilAskable(true);
  await sweep(engine(), SWEEP_START);
  expect(await kit.batch(batchId)).toMatchObject({ blockerCode: null, blockerMessage: null });
  expect(await revisionOf(batchId)).not.toBe(before);
});

test('what this process runs is not enqueued again', async () => {
  const { batchId } = await approvedBatch(kit, 1);
  const before = await revisionOf(batchId);
  await sweep(engine(), SWEEP_START, (id) => id === batchId);
  expect(await revisionOf(batchId)).toBe(before);
  await sweep(engine(), SWEEP_START);
  expect(await revisionOf(batchId)).not.toBe(before);
});

test('jobs that failed after another took their place are deleted; those that run or wait are not', async () => {
  const add = (key: string) =>
    sql`select graphile_worker.add_job('batch.advance', job_key := ${key}, run_at := now() + interval '1 day')`.execute(
      kit.database,
    );
  const lock = (key: string) =>
    sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a worker' where key = ${key}`.execute(
      kit.database,
    );
  for (const key of ['ended', 'runs']) {
    await add(key);
    await lock(key);
    await add(key);
  }
  const ids = async () => {
    const { rows } = await sql<{ locked: boolean; key: string | null }>`
      select key, locked_at is not null as locked from graphile_worker.jobs
      where key is null or key in ('ended', 'runs') order by id`.execute(kit.database);
    return rows.map(({ key, locked }) => `${key} ${locked}`);
  };
  expect(await ids()).toEqual(['null true', 'ended false', 'null true', 'runs false']);
  expect(await forgetJobs(kit.database)).toBe(0);
  await sql`update graphile_worker._private_jobs set locked_at = null, locked_by = null
    where id = (select min(id) from graphile_worker._private_jobs where key is null)`.execute(kit.database);
  expect(await forgetJobs(kit.database)).toBe(1);
  expect(await ids()).toEqual(['ended false', 'null true', 'runs false']);
});

test('a worker says in health, log and lanes how its nodes and keys are', async () => {
  const lines: Record<string, unknown>[] = [];
  const { dependencies } = parts;
  const keys = [relayerKeyOf([kit.chain]), SECOND_KEY];
  worker = await startWorker({
    ...dependencies,
    environment: readEnvironment({
      ...variables(kit.testDatabase, [kit.chain], dependencies.environment.chains),
      RELAYER_PRIVATE_KEY: keys.join(','),
    }),
    logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) }),
  });
  const unfunded = await eventually(async () => {
    const lanes = await kit.database.selectFrom('relayerLane').select(['address', 'state']).execute();
    expect(lanes.map(({ address }) => address)).toEqual(
      expect.arrayContaining(keys.map((key) => privateKeyToAccount(key).address)),
    );
    return required(
      lanes.find(({ state }) => state === 'UNFUNDED'),
      'An unfunded lane',
    ).address;
  });
  expect(unfunded).toBe(privateKeyToAccount(SECOND_KEY).address);
  await eventually(async () =>
    expect(await dependencies.health.report()).toEqual({ ready: true, reasons: [] }),
  );
  disturb(nodes.node(1), DROPPED);
  const { batchId } = await approvedBatch(kit, 1);
  await eventually(async () => {
    const { ready, reasons } = await dependencies.health.report();
    expect(ready).toBe(false);
    expect(reasons.map(({ check }) => check)).toContain(`cross-check eip155:${kit.chain.chainId}`);
    expect((await kit.batch(batchId)).blockerCode).toBe('NODES_UNAVAILABLE');
    expect(lines).toContainEqual(
      expect.objectContaining({
        ...{ msg: 'a job failed; it is tried again', job: 'batch.advance' },
        ...{ batchId, chain: `eip155:${kit.chain.chainId}` },
      }),
    );
  });
  disturb(nodes.node(1), null);
  await eventually(async () => {
    expect((await kit.batch(batchId)).blockerCode).toBeNull();
    const sent = await kit.database
      .selectFrom('chainTransaction')
      .select('kind')
      .where('batchId', '=', batchId)
      .execute();
    expect(sent.map(({ kind }) => kind)).toContain('OPEN');
  });
});
