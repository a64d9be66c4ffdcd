import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { payoutCreate } from '../../resolvers/payoutBatch/payoutCreate.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { payees, totalOf } from './payoutsSeed.ts';

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

test('a single payment is in the next block after its approval', async () => {
  const lines = payees(1, 0);
  const { recipient } = required(lines[0], 'A payee');
  const account = await kit.openAccount(totalOf(lines));
  const { payoutBatchId } = await payoutCreate(kit.context(required(kit.approvers[0], 'An approver')), {
    accountId: account.id,
    assetId: kit.assetId,
    ...{ recipient, payeeId: null, amount: '1', memo: null, reference: null, title: null },
    idempotencyKey: 'one',
  });
  for (const approver of kit.approvers.slice(0, 2)) await kit.grant(payoutBatchId, approver);
  const approvedAt = await kit.chain.client.getBlockNumber();
  await advanceBatch(kit.engine(), payoutBatchId);
  await kit.mine();
  expect(await kit.batch(payoutBatchId)).toMatchObject({ status: 'EXECUTING', includedCount: 1 });
  const blocks = await kit.database
    .selectFrom('chainTransaction')
    .select(['kind', 'blockNumber'])
    .where('batchId', '=', payoutBatchId)
    .orderBy('nonce')
    .execute();
  expect(blocks).toEqual([
    { kind: 'OPEN', blockNumber: approvedAt + 1n },
    { kind: 'CHUNK', blockNumber: approvedAt + 1n },
  ]);
  await kit.mine(FINAL_DEPTH);
  expect((await kit.batch(payoutBatchId)).status).toBe('COMPLETED');
  await kit.requirePaidOnce(lines);
});
