import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { payroll } from '../../examples/generate.ts';
import type { Database } from '../../prisma/database.ts';
import { payoutBatchImport } from '../../resolvers/payoutBatch/payoutBatchImport.ts';
import { payoutBatchRetryFailed } from '../../resolvers/payoutBatch/payoutBatchRetryFailed.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import { countWritten, openLog, type Payer, seedContext, seedPayer } from './importSeed.ts';

let testDatabase: TestDatabase;
let database: Database;
let log: ReturnType<typeof openLog>;
let payer: Payer;
let proposer: RequestContext;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
  log = openLog(database, testDatabase.appUrl);
});
afterAll(async () => {
  await log.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  payer = await seedPayer(database);
  proposer = await seedContext(log, payer.organizationId, ['PROPOSER']);
});

async function importBatch(rowCount: number): Promise<string> {
  const { payoutBatchId } = await payoutBatchImport(proposer, {
    accountId: payer.accountId,
    assetId: payer.usdcId,
    title: 'November',
    file: new Blob([payroll(rowCount)]),
    dryRun: false,
    idempotencyKey: randomUUID(),
  });
  return payoutBatchId as string;
}

/** What the indexer and settlement leave behind when a batch was closed with these rows undelivered. */
async function closeWithFailed(batchId: string, failedRows: readonly number[]): Promise<void> {
  const { payoutCount } = await database
    .selectFrom('payoutBatch')
    .select('payoutCount')
    .where('id', '=', batchId)
    .executeTakeFirstOrThrow();
  await sql`insert into payout_exception (batch_id, row_index, organization_id, chunk_index, status, failure_code)
    select ${batchId}, row, ${payer.organizationId}, 0, 'FAILED', 'TOKEN_REFUSED'
    from unnest(${failedRows}::int[]) as row`.execute(database);
  const failedCount = failedRows.length;
  const ended = failedCount === 0 ? 'COMPLETED' : failedCount === payoutCount ? 'FAILED' : 'PARTIALLY_FAILED';
  await database
    .updateTable('payoutBatch')
    .set({
      status: ended,
      submittedAt: new Date(),
      openedAtBlock: 10n,
      closedAtBlock: 20n,
      pendingCount: 0,
      finalCount: payoutCount - failedCount,
      failedCount,
    })
    .where('id', '=', batchId)
    .execute();
}

/** What transitions/ do when a retry ends without paying. */
async function endWithoutPaying(batchId: string): Promise<void> {
  await database.updateTable('payoutBatch').set({ status: 'CANCELLED' }).where('id', '=', batchId).execute();
  await database.updateTable('payoutRetry').set({ live: false }).where('batchId', '=', batchId).execute();
}

function retry(payoutBatchId: string, idempotencyKey: string = randomUUID()) {
  return payoutBatchRetryFailed(proposer, { payoutBatchId, idempotencyKey });
}

function rowsOf(batchId: string) {
  return database
    .selectFrom('payout')
    .select(['rowIndex', 'recipient', 'units', 'memo', 'reference', 'payeeId', 'isNewRecipient'])
    .where('batchId', '=', batchId)
    .orderBy('rowIndex')
    .execute();
}

const refusedWith = (code: string, message = '') => ({
  faults: [expect.objectContaining({ code, message: expect.stringContaining(message) })],
});

describe('a batch that is closed with rows undelivered', () => {
  test('is tried again with exactly those rows, as they were', async () => {
    const original = await importBatch(250);
    await closeWithFailed(original, [3, 249, 100]);
    const done = await retry(original);
    expect(done).toMatchObject({ replayed: false, eventCursor: expect.any(String) });
    const before = await rowsOf(original);
    const wanted = [3, 100, 249].map((row, rowIndex) => ({ ...before[row], rowIndex }));
    expect(await rowsOf(done.payoutBatchId)).toEqual(wanted);
    const batch = await database
      .selectFrom('payoutBatch')
      .selectAll()
      .where('id', '=', done.payoutBatchId)
      .executeTakeFirstOrThrow();
    expect(batch).toMatchObject({
      status: 'DRAFT',
      title: 'November (retry)',
      retryOfBatchId: original,
      payoutCount: 3,
      newRecipientCount: 3,
      totalUnits: wanted.reduce((sum, { units }) => sum + (units as bigint), 0n),
    });
    const { rows } = await sql<{ rowIndex: number; originalRow: number; live: boolean }>`
      select retry.row_index, payout.row_index as original_row, retry.live
      from payout_retry retry join payout on payout.id = retry.original_payout_id
      where retry.batch_id = ${done.payoutBatchId} order by retry.row_index`.execute(database);
    expect(rows).toEqual(
      [3, 100, 249].map((originalRow, rowIndex) => ({ rowIndex, originalRow, live: true })),
    );
  });

  test('keeps the warnings of those rows, and of no others', async () => {
    const original = await importBatch(5);
    const warn = (position: number, rowIndex: number, code: string) =>
      database
        .insertInto('payoutWarning')
        .values({
          ...{ batchId: original, organizationId: payer.organizationId, position, rowIndex, code },
          message: `About ${rowIndex}`,
        })
        .execute();
    for (const [position, rowIndex, code] of [
      [0, 1, 'PAYOUT_DUPLICATE'],
      [1, 2, 'POSSIBLE_ADDRESS_POISONING'],
      [2, 2, 'REFERENCE_PAID_BEFORE'],
      [3, 4, 'PAYEE_ADDRESS_DIFFERS'],
    ] as const) {
      await warn(position, rowIndex, code);
    }
    await closeWithFailed(original, [4, 0, 2]);
    const { payoutBatchId } = await retry(original);
    const kept = await database
      .selectFrom('payoutWarning')
      .select(['position', 'rowIndex', 'code', 'message'])
      .where('batchId', '=', payoutBatchId)
      .orderBy('position')
      .execute();
    expect(kept).toEqual([
      { position: 0, rowIndex: 1, code: 'POSSIBLE_ADDRESS_POISONING', message: 'About 2' },
      { position: 1, rowIndex: 1, code: 'REFERENCE_PAID_BEFORE', message: 'About 2' },
      { position: 2, rowIndex: 2, code: 'PAYEE_ADDRESS_DIFFERS', message: 'About 4' },
    ]);
    const { warningCount } = await database
      .selectFrom('payoutBatch')
      .select('warningCount')
      .where('id', '=', payoutBatchId)
      .executeTakeFirstOrThrow();
    expect(warningCount).toBe(3);
  });

  test('asks anew who was paid before: another batch may have paid them meanwhile', async () => {
    const [original, another] = [await importBatch(3), await importBatch(3)];
    const [first, second] = await rowsOf(original);
    await closeWithFailed(original, [0, 1]);
    await closeWithFailed(another, [1]);
    const { payoutBatchId } = await retry(original);
    expect(await rowsOf(payoutBatchId)).toEqual([
      { ...first, isNewRecipient: false },
      { ...second, isNewRecipient: true },
    ]);
  });

  test('is tried again once: the same key replays, another is told where the row is', async () => {
    const original = await importBatch(5);
    await closeWithFailed(original, [2]);
    const first = await retry(original, 'key');
    expect(await retry(original, 'key')).toEqual({ ...first, replayed: true, eventCursor: null });
    const before = await countWritten(database, payer.organizationId);
    await expect(retry(original)).rejects.toMatchObject(
      refusedWith('ROW_RETRIED_ALREADY', '“November (retry)”'),
    );
    expect(await countWritten(database, payer.organizationId)).toEqual(before);
  });

  test('is tried again once by six at once, each with a key of its own', async () => {
    const original = await importBatch(5);
    await closeWithFailed(original, [1, 2]);
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => retry(original)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject(refusedWith('ROW_RETRIED_ALREADY'));
    }
    expect(await countWritten(database, payer.organizationId)).toMatchObject({ batches: 2, payouts: 7 });
  });

  test('may be tried anew after a retry that ended without paying', async () => {
    const original = await importBatch(5);
    await closeWithFailed(original, [2]);
    await endWithoutPaying((await retry(original)).payoutBatchId);
    expect(await retry(original)).toMatchObject({ replayed: false });
  });
});

describe('a retry that failed in part', () => {
  test('is tried again itself; the first batch is not, so that no row is in two', async () => {
    const original = await importBatch(5);
    await closeWithFailed(original, [1, 2, 3]);
    const second = (await retry(original)).payoutBatchId;
    await closeWithFailed(second, [0, 2]);
    await expect(retry(original)).rejects.toMatchObject(refusedWith('ROW_RETRIED_ALREADY'));
    const third = (await retry(second)).payoutBatchId;
    const rows = await rowsOf(original);
    expect((await rowsOf(third)).map(({ reference }) => reference)).toEqual([
      rows[1]?.reference,
      rows[3]?.reference,
    ]);
    await expect(retry(second)).rejects.toMatchObject(refusedWith('ROW_RETRIED_ALREADY'));
    await expect(retry(original)).rejects.toMatchObject(refusedWith('ROW_RETRIED_ALREADY'));
  });

  test('wholly: the first batch or the retry may be tried again, not both, even at once', async () => {
    const original = await importBatch(5);
    await closeWithFailed(original, [1, 2]);
    const second = (await retry(original)).payoutBatchId;
    await closeWithFailed(second, [0, 1]);
    await database.updateTable('payoutRetry').set({ live: false }).where('batchId', '=', second).execute();
    const outcomes = await Promise.allSettled([
      retry(original),
      retry(second),
      retry(original),
      retry(second),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject(refusedWith('ROW_RETRIED_ALREADY'));
    }
  });
});

describe('what is not tried again', () => {
  test('a batch that is not closed', async () => {
    await expect(retry(await importBatch(2))).rejects.toMatchObject(refusedWith('BATCH_NOT_CLOSED'));
  });

  test('a batch of which every row was delivered', async () => {
    const original = await importBatch(2);
    await closeWithFailed(original, []);
    await expect(retry(original)).rejects.toMatchObject(refusedWith('NOTHING_FAILED'));
  });

  test('a batch of a closed account', async () => {
    const original = await importBatch(2);
    await closeWithFailed(original, [0]);
    await database
      .updateTable('account')
      .set({ status: 'CLOSED' })
      .where('id', '=', payer.accountId)
      .execute();
    await expect(retry(original)).rejects.toMatchObject(refusedWith('ACCOUNT_NOT_ACTIVE'));
  });

  test('a key of another batch; a batch of strangers; without the permission', async () => {
    const [one, two] = [await importBatch(2), await importBatch(3)];
    await closeWithFailed(one, [0]);
    await closeWithFailed(two, [0]);
    await retry(one, 'key');
    await expect(retry(two, 'key')).rejects.toMatchObject(refusedWith('IDEMPOTENCY_KEY_REUSED'));
    const input = { payoutBatchId: two, idempotencyKey: 'mine' };
    const stranger = await seedContext(log, payer.organizationId, []);
    await expect(payoutBatchRetryFailed(stranger, input)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const viewer = await seedContext(log, payer.organizationId, ['VIEWER']);
    await expect(payoutBatchRetryFailed(viewer, input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
