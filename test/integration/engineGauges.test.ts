import pg from 'pg';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { createEngineGauges, type GaugeTimeouts } from '../../payouts/engineGauges.ts';
import { createEngineMetrics } from '../../payouts/engineMetrics.ts';
import { accountPause } from '../../resolvers/pause/accountPause.ts';
import { accountResume } from '../../resolvers/pause/accountResume.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { payees, totalOf } from './payoutsSeed.ts';

// What operators are told of the engine is what the database says; and asking never hurts the database.

const CHAIN = 'eip155:31337';
const ROWS = 3;
/** What is read is what is tested, however slow the machine. */
const PATIENT: GaugeTimeouts = { timeoutMs: 60_000, statementTimeoutMs: 60_000 };

let kit: PayoutsKit;
let owner: pg.Client;
beforeAll(async () => {
  kit = await startPayoutsKit();
  owner = new pg.Client({ connectionString: kit.testDatabase.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await kit?.stop();
});

type Samples = Record<string, number>;

/** A new registry: what an earlier scrape has read is not told again. */
async function scrape(timeouts = PATIENT): Promise<Samples> {
  const registry = new Registry();
  createEngineGauges(registry, kit.database, timeouts);
  return samplesOf(registry);
}

async function samplesOf(registry: Registry): Promise<Samples> {
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

function queue(samples: Samples): Record<string, number | undefined> {
  const states = ['open', 'chunk', 'inclusion', 'finality', 'retry', 'held'];
  return Object.fromEntries(
    states.map((state) => [state, samples[`payout_queue_depth{chain="${CHAIN}",state="${state}"}`]]),
  );
}

const EMPTY = { open: 0, chunk: 0, inclusion: 0, finality: 0, retry: 0, held: 0 };

test('a batch’s payouts are in the queue until they are final; its transactions are counted once a status', async () => {
  const registry = new Registry();
  const engine = { ...kit.engine(), metrics: createEngineMetrics(registry) };
  expect(queue(await scrape())).toEqual(EMPTY);
  const lines = payees(ROWS, 1);
  const batchId = await kit.submitBatch(await kit.openAccount(totalOf(lines)), lines);
  expect(queue(await scrape())).toEqual({ ...EMPTY, open: ROWS });

  // The open, and behind it the one chunk.
  await advanceBatch(engine, batchId);
  await advanceBatch(engine, batchId);
  const sent = await scrape();
  const { sender, nonce } = await kit.database
    .selectFrom('chainTransaction')
    .select(['sender', 'nonce'])
    .where('batchId', '=', batchId)
    .orderBy('nonce', 'desc')
    .executeTakeFirstOrThrow();
  expect(queue(sent)).toEqual({ ...EMPTY, inclusion: ROWS });
  const lane = `{chain="${CHAIN}",address="${sender}"}`;
  expect(sent[`relayer_lane_in_flight${lane}`]).toBe(2);
  expect(sent[`relayer_lane_next_nonce${lane}`]).toBe(Number(nonce) + 1);
  expect(sent[`relayer_lane_oldest_unsettled_seconds${lane}`]).toBeGreaterThan(0);
  expect(sent[`relayer_lane_state{chain="${CHAIN}",address="${sender}",state="ACTIVE"}`]).toBe(1);

  await kit.mine();
  expect(queue(await scrape())).toEqual({ ...EMPTY, finality: ROWS });
  await kit.mine(FINAL_DEPTH);
  const done = await scrape();
  expect(queue(done)).toEqual(EMPTY);
  expect(done[`relayer_lane_in_flight${lane}`]).toBe(0);
  expect(done[`relayer_lane_oldest_unsettled_seconds${lane}`]).toBe(0);
  expect(done[`payout_error_rate{chain="${CHAIN}"}`]).toBe(0);

  const counted = await samplesOf(registry);
  for (const kind of ['OPEN', 'CHUNK']) {
    for (const status of ['SIGNED', 'BROADCAST']) {
      const name = `payout_transaction_total{chain="${CHAIN}",kind="${kind}",status="${status}"}`;
      expect([name, counted[name]]).toEqual([name, 1]);
    }
  }
  expect(counted[`relayer_lane_balance${lane}`]).toBeGreaterThan(0);
});

test('the error rate is the share of the transactions of the last hour that came to nothing', async () => {
  const ours = await kit.database
    .selectFrom('chainTransaction')
    .select('id')
    .where('rawTransaction', 'is not', null)
    .execute();
  await owner.query(`update chain_transaction set status = 'REVERTED' where id = $1`, [ours[0]?.id]);
  const name = `payout_error_rate{chain="${CHAIN}"}`;
  expect((await scrape())[name]).toBeCloseTo(1 / ours.length);
});

test('a database that does not answer costs a scrape its gauges, not its time', async () => {
  await owner.query('begin; lock table payout_batch in access exclusive mode');
  // It ends although the lock is held until further down.
  const samples = await scrape({});
  expect(queue(samples)).toEqual({});
  expect(samples.payout_gauge_failures_total).toBe(1);
  // Nothing waits for the lock any more: the statement was ended, not only left alone.
  await expect
    .poll(async () => {
      const { rows } = await owner.query(
        `select from pg_locks where not granted and relation = 'payout_batch'::regclass
           and database = (select oid from pg_database where datname = current_database())`,
      );
      return rows.length;
    })
    .toBe(0);
  await owner.query('rollback');
  expect(queue(await scrape())).toEqual(EMPTY);
});

test('what its organization holds is in no queue that somebody is woken for', async () => {
  const lines = payees(ROWS, 100);
  const account = await kit.openAccount(totalOf(lines) - 1n);
  const batchId = await kit.submitBatch(account, lines);
  expect(queue(await scrape())).toEqual({ ...EMPTY, open: ROWS });
  const held = (samples: Samples, code: string) =>
    samples[`payout_batches_held{chain="${CHAIN}",code="${code}"}`];
  const ofAccounts = `{chain="${CHAIN}",scope="ACCOUNT"}`;
  const context = kit.context(required(kit.approvers[0], 'An approver'));
  await accountPause(context, { accountId: account.id, reason: 'Not now' });
  const paused = await scrape();
  expect(queue(paused)).toEqual({ ...EMPTY, held: ROWS });
  expect(held(paused, 'PAUSED')).toBe(1);
  expect(paused[`payout_paused${ofAccounts}`]).toBe(1);
  expect(paused[`payout_paused{chain="${CHAIN}",scope="CHAIN"}`]).toBe(0);
  await owner.query(`update payout_pause set paused_at = now() - interval '2 days'`);
  expect((await scrape())[`payout_oldest_pause_seconds${ofAccounts}`]).toBeGreaterThan(172_000);
  await accountResume(context, { accountId: account.id });
  const resumed = await scrape();
  expect(queue(resumed)).toEqual({ ...EMPTY, open: ROWS });
  expect(held(resumed, 'PAUSED')).toBeUndefined();
  expect(resumed[`payout_oldest_pause_seconds${ofAccounts}`]).toBe(0);
  await advanceBatch(kit.engine(), batchId);
  const unfunded = await scrape();
  expect(queue(unfunded)).toEqual({ ...EMPTY, held: ROWS });
  expect(held(unfunded, 'NOT_FUNDED')).toBe(1);
});
