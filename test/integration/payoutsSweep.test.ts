import { afterAll, beforeAll, expect, test } from 'vitest';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { accountPause } from '../../resolvers/pause/accountPause.ts';
import { accountResume } from '../../resolvers/pause/accountResume.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { accountOfOther, newPayees, ownerContext } from './payoutsBatches.ts';
import { sweepBatches } from './payoutsJobs.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import type { Account } from './payoutsSeed.ts';

// Which batches a sweep asks the next step for. No worker runs here: what is due stays due.

const UNITS = 100_000_000n;
const PAGE = 20;

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

const context = () => ownerContext(kit);

function approve(account: Account, grants = 2): Promise<string> {
  return kit.submitBatch(account, newPayees(1), { grants });
}

const swept = async () => (await sweepBatches(kit)).batchIds;

test('nothing that is paused is due, until it is resumed', async () => {
  const account = await kit.openAccount(UNITS);
  const batchId = await approve(account);
  expect(await swept()).toContain(batchId);
  await accountPause(context(), { accountId: account.id, reason: 'Not now' });
  expect(await swept()).not.toContain(batchId);
  await accountResume(context(), { accountId: account.id });
  expect(await swept()).toContain(batchId);
});

test('what waits for its turn is not due once it says so; it is when a nonce before it is nobody’s', async () => {
  const account = await kit.openAccount(UNITS);
  const [earlier, later] = [await approve(account, 1), await approve(account)];
  expect(await swept()).toContain(later);
  await advanceBatch(kit.engine(), later);
  expect(await kit.batch(later)).toMatchObject({ blockerCode: 'WAITS_FOR_NONCE' });
  expect(await swept()).not.toContain(later);
  await payoutBatchCancel(context(), { payoutBatchId: earlier });
  expect(await swept()).toContain(later);
  await advanceBatch(kit.engine(), later);
  expect(await kit.batch(later)).toMatchObject({ blockerCode: 'NONCE_UNUSED' });
  // What takes that nonce can be anything: it is looked at again.
  expect(await swept()).toContain(later);
});

test('organizations take turns, however much one of them has due, and so do its batches', async () => {
  const account = await kit.openAccount(UNITS);
  const many: string[] = [];
  for (let count = 0; count < PAGE + 5; count += 1) many.push(await approve(account));
  const only = await approve((await accountOfOther(kit, UNITS)).account);
  const one = await sweepBatches(kit);
  expect(one.batchIds).toHaveLength(PAGE);
  expect(one.batchIds).toContain(only);
  const two = await sweepBatches(kit, one.position);
  expect(two.batchIds).toContain(only);
  expect([...one.batchIds, ...two.batchIds]).toEqual(expect.arrayContaining(many));
});
