import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './payoutsEventually.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { payees, totalOf } from './payoutsSeed.ts';

const BLOCK_TIME_SECONDS = 1;

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit({ blockTimeSeconds: BLOCK_TIME_SECONDS });
});
afterAll(() => kit?.stop());

test('1,000 lines, approved once, pay each payee once; two workers share the work', async () => {
  const lines = payees(1_000, 0);
  const account = await kit.openAccount(totalOf(lines) + 1n);
  await Promise.all([kit.startProcess('worker'), kit.startProcess('worker')]);
  const batchId = await kit.submitBatch(account, lines);
  await eventually(async () => {
    expect(await kit.batch(batchId)).toMatchObject({
      status: 'COMPLETED',
      finalCount: 1_000,
      blockerCode: null,
    });
  });
  await kit.requirePaidOnce(lines);
  expect(await kit.balanceOf(account.address)).toBe(1n);
  const transactions = await kit.database
    .selectFrom('chainTransaction')
    .select(['kind', 'status'])
    .where('batchId', '=', batchId)
    .orderBy('nonce')
    .execute();
  expect(transactions.map(({ kind }) => kind)).toEqual(['OPEN', ...Array(5).fill('CHUNK')]);
  expect(new Set(transactions.map(({ status }) => status))).toEqual(new Set(['FINAL']));
});
