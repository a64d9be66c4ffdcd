import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { MAX_IMPORT_ISSUES_RETURNED, MAX_PAYOUTS_PER_BATCH } from '../../core/limits.ts';
import { examplePayee } from '../../examples/generate.ts';
import type { PayoutText } from '../../payroll/checks/payoutChecker.ts';
import type { Database } from '../../prisma/database.ts';
import {
  type PayoutBatchCreateInput,
  payoutBatchCreate,
} from '../../resolvers/payoutBatch/payoutBatchCreate.ts';
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

function payout(index: number, change: Partial<PayoutText> = {}): PayoutText {
  return { recipient: examplePayee(index), amount: '1.5', memo: null, reference: `R-${index}`, ...change };
}

function request(
  payouts: readonly PayoutText[],
  change: Partial<PayoutBatchCreateInput> = {},
): PayoutBatchCreateInput {
  return {
    accountId: payer.accountId,
    assetId: payer.usdcId,
    title: 'By hand',
    payouts,
    idempotencyKey: randomUUID(),
    ...change,
  };
}

const NOTHING = { batches: 0, payouts: 0, chunks: 0, events: 0, keys: 0 };

test('payouts are written in their order, with their sum', async () => {
  const payouts = Array.from({ length: 450 }, (_, index) => payout(index));
  const done = await payoutBatchCreate(proposer, request(payouts));
  expect(done).toMatchObject({ replayed: false, warnings: [], eventCursor: expect.any(String) });
  const rows = await database
    .selectFrom('payout')
    .select(['rowIndex', 'recipient', 'units', 'reference'])
    .where('batchId', '=', done.payoutBatchId)
    .orderBy('rowIndex')
    .execute();
  expect(rows).toEqual(
    payouts.map(({ recipient, reference }, rowIndex) => ({
      rowIndex,
      recipient,
      units: 1_500_000n,
      reference,
    })),
  );
  const batch = await database
    .selectFrom('payoutBatch')
    .select(['totalUnits', 'payoutCount', 'title'])
    .where('id', '=', done.payoutBatchId)
    .executeTakeFirst();
  expect(batch).toEqual({ totalUnits: 675_000_000n, payoutCount: 450, title: 'By hand' });
});

test('every fault is told by its path, and nothing is written', async () => {
  const payouts = Array.from({ length: 320 }, (_, index) => payout(index));
  payouts[317] = payout(317, { amount: '1,250', recipient: 'nobody' });
  payouts[319] = payout(319, { reference: 'R-0' });
  const refused = payoutBatchCreate(proposer, request(payouts));
  await expect(refused).rejects.toMatchObject({
    faults: [
      { code: 'ADDRESS_MALFORMED', path: ['input', 'payouts', '317', 'recipient'] },
      { code: 'AMOUNT_AMBIGUOUS_SEPARATOR', path: ['input', 'payouts', '317', 'amount'] },
      {
        code: 'REFERENCE_DUPLICATE',
        path: ['input', 'payouts', '319', 'reference'],
        message: expect.stringContaining('ayouts[0]'),
      },
    ],
  });
  expect(await countWritten(database, payer.organizationId)).toEqual(NOTHING);
});

test('faults of title, key and payouts are told together', async () => {
  const bad = request([payout(0, { amount: '0' })], { title: ' ', idempotencyKey: ' ' });
  await expect(payoutBatchCreate(proposer, bad)).rejects.toMatchObject({
    faults: [
      { code: 'TITLE_INVALID', path: ['input', 'title'] },
      { code: 'IDEMPOTENCY_KEY_INVALID', path: ['input', 'idempotencyKey'] },
      { code: 'AMOUNT_ZERO', path: ['input', 'payouts', '0', 'amount'] },
    ],
  });
  await expect(payoutBatchCreate(proposer, request([], { title: '' }))).rejects.toMatchObject({
    faults: [{ code: 'TITLE_INVALID' }, { code: 'PAYOUTS_MISSING' }],
  });
  expect(await countWritten(database, payer.organizationId)).toEqual(NOTHING);
});

test('more faults than are listed are counted', async () => {
  const payouts = Array.from({ length: MAX_IMPORT_ISSUES_RETURNED + 5 }, (_, index) =>
    payout(index, { amount: '' }),
  );
  const refused = await payoutBatchCreate(proposer, request(payouts)).catch((error: unknown) => error);
  const { faults } = refused as { faults: { code: string; message: string }[] };
  expect(faults).toHaveLength(MAX_IMPORT_ISSUES_RETURNED + 1);
  expect(faults.at(-1)).toMatchObject({
    code: 'FAULTS_NOT_LISTED',
    message: expect.stringContaining('5 more'),
  });
});

test('what is only worth a look comes as warnings', async () => {
  await payoutBatchCreate(proposer, request([payout(0)], { title: 'Earlier' }));
  const { warnings } = await payoutBatchCreate(
    proposer,
    request([payout(0), payout(0, { reference: null })]),
  );
  expect(warnings.map(({ code, path }) => [code, path?.slice(2)])).toEqual([
    ['REFERENCE_PAID_BEFORE', ['0', 'reference']],
    ['PAYOUT_DUPLICATE', ['1', 'recipient']],
  ]);
});

test.each<[string, () => readonly PayoutText[]]>([
  ['PAYOUTS_MISSING', () => []],
  ['TOO_MANY_PAYOUTS', () => Array.from({ length: MAX_PAYOUTS_PER_BATCH + 1 }, () => payout(0))],
])('%s', async (code, payouts) => {
  await expect(payoutBatchCreate(proposer, request(payouts()))).rejects.toMatchObject({ faults: [{ code }] });
});

test('once a key: at once, again, and refused with other input', async () => {
  // Each of them finds what is worth a look; who made nothing has nothing to tell.
  const input = request([payout(0), payout(0, { reference: null })]);
  const answers = await Promise.all(Array.from({ length: 5 }, () => payoutBatchCreate(proposer, input)));
  expect(answers.map(({ replayed, warnings }) => [replayed, warnings.length]).toSorted()).toEqual([
    [false, 1],
    ...Array(4).fill([true, 0]),
  ]);
  expect(await countWritten(database, payer.organizationId)).toMatchObject({
    batches: 1,
    payouts: 2,
    keys: 1,
  });
  expect(await payoutBatchCreate(proposer, input)).toMatchObject({ replayed: true, eventCursor: null });
  const moved = { ...input, payouts: [payout(0), payout(1, { memo: 'other' })] };
  await expect(payoutBatchCreate(proposer, moved)).rejects.toMatchObject({
    faults: [{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] }],
  });
});

test('a viewer may not', async () => {
  const viewer = await seedContext(log, payer.organizationId, ['VIEWER']);
  await expect(payoutBatchCreate(viewer, request([payout(0)]))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
