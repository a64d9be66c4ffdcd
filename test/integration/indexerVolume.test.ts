import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, createPool } from '../../prisma/database.ts';
import { createFollower, runFollowers } from './indexerFollower.ts';
import { executeAsStranger } from './indexerKit.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { payees, totalOf } from './payoutsSeed.ts';

// What a block costs follows from what it touched, never from how many rows that has.

const ROWS_PER_CHUNK = 200;
/** The chain's head twice, what is looked for, begin, what is due, commit, what is unread. */
const STATEMENTS_OF_A_QUIET_BLOCK = 7;

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit({ indexer: false });
});
afterAll(() => kit?.stop());

let first = 6_000_000;

/** A pool that counts what it is asked. */
function countingPool(): { pool: pg.Pool; statements: () => number } {
  let statements = 0;
  const pool = createPool(kit.testDatabase.appUrl, { maxConnections: 4 });
  pool.on('connect', (client) => {
    const query = client.query.bind(client);
    client.query = ((...args: Parameters<typeof query>) => {
      statements += 1;
      return query(...args);
    }) as typeof client.query;
  });
  return { pool, statements: () => statements };
}

/** Statements for the block that executes so many chunks of one batch, and for each block until they are final. */
async function statementsFor(chunkCount: number): Promise<number[]> {
  first += 100_000;
  const lines = payees(chunkCount * ROWS_PER_CHUNK, first);
  const running = runFollowers([await createFollower(kit)]);
  const account = await kit.openAccount(totalOf(lines));
  const batchId = await kit.submitBatch(account, lines);
  await kit.openBatch(batchId);
  await kit.mine(FINAL_DEPTH);
  await running.end();
  const { pool, statements } = countingPool();
  const database = createDatabase(pool);
  const follower = await createFollower({ ...kit, log: { ...kit.log, database } });
  await follower.pass(new AbortController().signal);
  for (let chunkIndex = 0; chunkIndex < chunkCount; chunkIndex += 1) {
    await executeAsStranger(kit, batchId, chunkIndex);
  }
  const counts: number[] = [];
  for (let block = 0; block < FINAL_DEPTH; block += 1) {
    await kit.chain.mine();
    const before = statements();
    await follower.pass(new AbortController().signal);
    counts.push(statements() - before);
  }
  await database.destroy();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', finalCount: lines.length });
  return counts;
}

test('a block with ten chunks takes as many statements as one with a single chunk', async () => {
  const one = await statementsFor(1);
  const ten = await statementsFor(10);
  expect(Math.min(...one)).toBe(STATEMENTS_OF_A_QUIET_BLOCK);
  expect(Math.max(...one)).toBeGreaterThan(2 * STATEMENTS_OF_A_QUIET_BLOCK);
  expect(ten).toEqual(one);
});
