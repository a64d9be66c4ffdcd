import { randomUUID } from 'node:crypto';
import { graphql } from 'graphql';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { encodeNodeId } from '../../core/ids.ts';
import { examplePayee, faultyPayroll, payroll } from '../../examples/generate.ts';
import { createLoaders } from '../../resolvers/loaders.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import { schema } from '../../schema/schema.ts';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import { openLog, type Payer, seedContext, seedPayer } from './importSeed.ts';

let testDatabase: TestDatabase;
let log: ReturnType<typeof openLog>;
let payer: Payer;
let proposer: RequestContext;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  log = openLog(testDatabase.database, testDatabase.appUrl);
});
afterAll(async () => {
  await log.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  payer = await seedPayer(testDatabase.database);
  proposer = await seedContext(log, payer.organizationId, ['PROPOSER']);
});

async function mutate(source: string, input: object) {
  const contextValue = { ...proposer, loaders: createLoaders(proposer) };
  const { data, errors } = await graphql({ schema, source, variableValues: { input }, contextValue });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(Object.values(data ?? {})[0]));
}

const IMPORT = /* GraphQL */ `
  mutation Import($input: PayoutBatchImportInput!) {
    payoutBatchImport(input: $input) {
      payoutBatch { id status payoutCount total { units } progress { pending } }
      preview { rowCount acceptedCount total { units amount asset { symbol } } columns ignoredColumns }
      issues { row column value code severity message }
      issueCount errorCount replayed eventCursor
      userErrors { code path ... on PayoutBatchImportError { reason } }
    }
  }
`;
const CREATE = /* GraphQL */ `
  mutation Create($input: PayoutBatchCreateInput!) {
    payoutBatchCreate(input: $input) {
      payoutBatch { payoutCount payouts { edges { node { index recipient amount { amount } memo reference } } } }
      warnings { code path }
      replayed
      userErrors { code path }
    }
  }
`;
const RETRY = /* GraphQL */ `
  mutation Retry($input: PayoutBatchRetryFailedInput!) {
    payoutBatchRetryFailed(input: $input) { payoutBatch { id } replayed eventCursor userErrors { code path } }
  }
`;

function place() {
  return {
    accountId: encodeNodeId('Account', payer.accountId),
    assetId: encodeNodeId('Asset', payer.usdcId),
    title: 'November',
    idempotencyKey: randomUUID(),
  };
}

test('a file becomes a batch whose total is its preview’s', async () => {
  const answer = await mutate(IMPORT, { ...place(), file: new Blob([payroll(10)]) });
  expect(answer).toMatchObject({
    payoutBatch: { status: 'DRAFT', payoutCount: 10, progress: { pending: 10 } },
    preview: { rowCount: 10, acceptedCount: 10, columns: ['recipient', 'amount', 'memo', 'reference'] },
    issues: [],
    userErrors: [],
    replayed: false,
    eventCursor: expect.any(String),
  });
  expect(answer.preview.total).toMatchObject({
    units: answer.payoutBatch.total.units,
    asset: { symbol: 'USDC' },
    amount: expect.stringMatching(/^\d+\.\d{6}$/),
  });
});

test('faults of rows are issues, faults of the request user errors', async () => {
  const faulty = await mutate(IMPORT, { ...place(), file: new Blob([faultyPayroll()]) });
  expect(faulty).toMatchObject({ payoutBatch: null, issueCount: 15, errorCount: 14, userErrors: [] });
  const assetId = encodeNodeId('Asset', payer.nativeId);
  const refused = await mutate(IMPORT, { ...place(), assetId, file: new Blob([payroll(1)]) });
  expect(refused).toMatchObject({
    payoutBatch: null,
    preview: null,
    userErrors: [{ code: 'ASSET_NATIVE', reason: 'ASSET_NATIVE', path: ['input', 'assetId'] }],
  });
  const strange = await mutate(IMPORT, { ...place(), accountId: 'x', file: new Blob([payroll(1)]) });
  expect(strange.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('payouts one by one, with their faults by path', async () => {
  const payout = { recipient: examplePayee(0), amount: '1.5', memo: 'rent' };
  expect(await mutate(CREATE, { ...place(), payouts: [payout, payout] })).toMatchObject({
    payoutBatch: {
      payoutCount: 2,
      payouts: {
        edges: [{ node: { index: 0, amount: { amount: '1.500000' }, memo: 'rent', reference: null } }, {}],
      },
    },
    warnings: [{ code: 'PAYOUT_DUPLICATE', path: ['input', 'payouts', '1', 'recipient'] }],
    userErrors: [],
  });
  const refused = await mutate(CREATE, { ...place(), payouts: [{ ...payout, amount: '-1' }] });
  expect(refused.userErrors).toEqual([
    { code: 'AMOUNT_NEGATIVE', path: ['input', 'payouts', '0', 'amount'] },
  ]);
});

test('a draft is not tried again', async () => {
  const { payoutBatch } = await mutate(IMPORT, { ...place(), file: new Blob([payroll(1)]) });
  const refused = await mutate(RETRY, { payoutBatchId: payoutBatch.id, idempotencyKey: 'k' });
  expect(refused).toMatchObject({
    payoutBatch: null,
    userErrors: [{ code: 'BATCH_NOT_CLOSED', path: ['input', 'payoutBatchId'] }],
  });
});
