import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_PAYOUTS_PER_BATCH } from '../../core/limits.ts';
import { sheetData, workbook } from '../../payroll/file/xlsx/workbook.testkit.ts';
import type { Database } from '../../prisma/database.ts';
import { payoutBatchImport } from '../../resolvers/payoutBatch/payoutBatchImport.ts';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import { openLog, seedContext, seedPayer } from './importSeed.ts';

/** Of all the work, in CPU time of this process: a slow or busy machine changes neither side of it much. */
const MAX_SHARE_OF_ONE_TURN = 0.25;
/** Turns of less work are waiting. */
const MIN_WORK_MICROSECONDS = 1_000;

let testDatabase: TestDatabase;
let database: Database;
let log: ReturnType<typeof openLog>;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
  log = openLog(database, testDatabase.appUrl);
});
afterAll(async () => {
  await log.close();
  await testDatabase.drop();
});

/** As many rows as a batch holds; no recipient and no reference twice, and no recipient that looks like another. */
function largeFile(): { file: Blob; cents: bigint } {
  const parts = ['recipient,amount,memo,reference\n'];
  let cents = 0n;
  for (let index = 0; index < MAX_PAYOUTS_PER_BATCH; index += 1) {
    cents += BigInt(index + 1);
    const amount = `${Math.floor((index + 1) / 100)}.${String((index + 1) % 100).padStart(2, '0')}`;
    const recipient = createHash('sha1').update(`employee ${index}`).digest('hex');
    parts.push(`0x${recipient},${amount},"Salary, November 2026",PAY-${index}\n`);
  }
  return { file: new Blob([parts.join('')]), cents };
}

/** Takes a turn of the event loop whenever there is one, and looks at how much was worked since the one before. */
function watchTurns() {
  let worked = 0;
  let longest = 0;
  let before = process.cpuUsage();
  let next: NodeJS.Immediate;
  const take = () => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    const work = user + system;
    if (work >= MIN_WORK_MICROSECONDS) worked += work;
    longest = Math.max(longest, work);
    next = setImmediate(take);
  };
  next = setImmediate(take);
  return {
    /** @returns the share of the longest turn in all the work */
    stop: (): number => {
      clearImmediate(next);
      return longest / worked;
    },
  };
}

test('100,000 rows are written while others get their turns; a second time too', async () => {
  const payer = await seedPayer(database);
  const proposer = await seedContext(log, payer.organizationId, ['PROPOSER']);
  const { file, cents } = largeFile();
  const place = { accountId: payer.accountId, assetId: payer.usdcId, title: 'Large', file, dryRun: false };

  for (const paidBefore of [0, MAX_PAYOUTS_PER_BATCH]) {
    const turns = watchTurns();
    const done = await payoutBatchImport(proposer, { ...place, idempotencyKey: randomUUID() });
    const longestShare = turns.stop();

    expect(done).toMatchObject({ errorCount: 0, issueCount: paidBefore, replayed: false });
    expect(done.preview).toMatchObject({ acceptedCount: MAX_PAYOUTS_PER_BATCH, totalUnits: cents * 10_000n });
    const { rows } = await sql<{ count: number; sum: bigint; chunkSum: bigint; last: number }>`
      select count(*)::int as count, sum(units) as sum, max(row_index) as last,
        (select sum(total_units) from payout_chunk where batch_id = ${done.payoutBatchId}) as chunk_sum
      from payout where batch_id = ${done.payoutBatchId}`.execute(database);
    expect(rows[0]).toEqual({
      count: MAX_PAYOUTS_PER_BATCH,
      sum: cents * 10_000n,
      chunkSum: cents * 10_000n,
      last: MAX_PAYOUTS_PER_BATCH - 1,
    });
    expect(longestShare).toBeLessThan(MAX_SHARE_OF_ONE_TURN);
  }
});

test('as many rows of a workbook are read while others get their turns', async () => {
  const payer = await seedPayer(database);
  const proposer = await seedContext(log, payer.organizationId, ['PROPOSER']);
  const { file: csv, cents } = largeFile();
  const rows = (await csv.text())
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll('"', '').replace('Salary, ', 'Salary ').split(','));
  const file = new Blob([workbook({ sheets: { Payroll: sheetData(rows) } })]);
  const turns = watchTurns();
  const done = await payoutBatchImport(proposer, {
    ...{ accountId: payer.accountId, assetId: payer.usdcId, title: 'Large', file },
    ...{ dryRun: true, idempotencyKey: randomUUID() },
  });
  expect(turns.stop()).toBeLessThan(MAX_SHARE_OF_ONE_TURN);
  expect(done).toMatchObject({ errorCount: 0, payoutBatchId: null });
  expect(done.preview).toMatchObject({ acceptedCount: MAX_PAYOUTS_PER_BATCH, totalUnits: cents * 10_000n });
});
