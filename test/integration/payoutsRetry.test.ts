import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { exceptionsOf, setBlocked } from './indexerKit.ts';
import { newPayees } from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { totalOf } from './payoutsSeed.ts';

// What the token refused: the engine tries it once more when it is final.

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

/** An open batch whose chunk is executed, and whose rows of these indexes were refused. */
async function owingBatch(refused: readonly number[]) {
  const lines = newPayees(5);
  const recipients = refused.map((index) => required(lines[index], 'A line').recipient);
  for (const recipient of recipients) await setBlocked(kit, recipient, true);
  await kit.mine();
  const batchId = await kit.submitBatch(await kit.openAccount(totalOf(lines)), lines);
  await kit.openBatch(batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  expect(await exceptionsOf(kit, batchId)).toHaveLength(refused.length);
  return { lines, recipients, batchId };
}

function retriesOf(batchId: string) {
  return kit.database
    .selectFrom('chainTransaction')
    .select(['status', 'chunkIndex'])
    .where('batchId', '=', batchId)
    .where('kind', '=', 'RETRY')
    .orderBy('id')
    .execute();
}

test('a recipient whom the token takes again is paid by one retry, once the chunk is final', async () => {
  const { lines, recipients, batchId } = await owingBatch([1, 3]);
  for (const recipient of recipients) await setBlocked(kit, recipient, false);
  await kit.mine(FINAL_DEPTH - 2);
  await advanceBatch(kit.engine(), batchId);
  expect(await retriesOf(batchId)).toEqual([]);
  await kit.mine();
  // Two workers at once sign one retry.
  await Promise.all([advanceBatch(kit.engine(), batchId), advanceBatch(kit.engine(), batchId)]);
  expect(await retriesOf(batchId)).toEqual([{ status: 'BROADCAST', chunkIndex: 0 }]);
  await kit.mine();
  expect(await exceptionsOf(kit, batchId)).toMatchObject([
    { rowIndex: 1, status: 'INCLUDED' },
    { rowIndex: 3, status: 'INCLUDED' },
  ]);
  await kit.mine(FINAL_DEPTH);
  expect((await kit.batch(batchId)).status).toBe('COMPLETED');
  await kit.requirePaidOnce(lines);
});

test('what is refused again stays owed, and is not tried a third time by itself', async () => {
  const { batchId } = await owingBatch([2]);
  await kit.mine(FINAL_DEPTH);
  for (let round = 0; round < 3; round += 1) {
    await advanceBatch(kit.engine(), batchId);
    await kit.mine(FINAL_DEPTH);
  }
  expect(await retriesOf(batchId)).toEqual([{ status: 'FINAL', chunkIndex: 0 }]);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING', undeliveredCount: 1 });
});
