import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { required } from '../../core/errors.ts';
import { payoutBatchPause } from '../../resolvers/pause/payoutBatchPause.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { type Seed, type SeededBatch, type SeededOrganization, seedWorld } from '../kit/seed.ts';

// An account executes in order: what a batch says of the one before it, whose nonce it waits for.

let api: TestApi;
let seed: Seed;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
});
afterAll(() => api.close());

const OPEN_BY = new Date('2030-05-06T07:08:09Z');
const CLOSE_AFTER = new Date('2030-05-07T07:08:09Z');
let acme: SeededOrganization;
let first: SeededBatch;
let second: SeededBatch;
beforeEach(async () => {
  acme = await seed.organization('Acme', { alice: ['OWNER', 'APPROVER'], bob: ['APPROVER'] });
  const account = await acme.account();
  await account.hold(1_000_000_000n);
  first = await account.batch(2, 'First');
  second = await account.batch(2, 'Second');
  for (const { submit } of [first, second]) await submit();
});

const person = (name: string) => required(acme.people[name], name);

async function approve(batch: SeededBatch) {
  for (const name of ['alice', 'bob']) await batch.grant(person(name));
}

async function cancel({ uuid }: SeededBatch) {
  const values = { openBy: OPEN_BY, closeAfter: CLOSE_AFTER };
  await api.database.updateTable('payoutBatch').set(values).where('id', '=', uuid).execute();
  await payoutBatchCancel(person('alice').context, { payoutBatchId: uuid });
}

async function blockerOf({ id }: SeededBatch) {
  const { payoutBatch } = await person('bob').client.request<{
    payoutBatch: { blocker: { code: string; message: string } | null };
  }>('query ($id: ID!) { payoutBatch(id: $id) { blocker { code message } } }', { id });
  return payoutBatch.blocker;
}

async function expectSecondWaits(rest: string) {
  expect(await blockerOf(second)).toEqual({
    code: 'WAITS_FOR_NONCE',
    message: `The account executes in order: nonce 1 waits for “First”${rest}`,
  });
}

it('waits for one that is not decided', async () => {
  await expectSecondWaits('. Decide that one first.');
});

it('waits for one that is approved', async () => {
  await approve(first);
  await expectSecondWaits(', which is approved and not executed yet.');
});

it('waits for one that is paused, as long as the pause holds something back', async () => {
  await approve(first);
  await payoutBatchPause(person('bob').context, { payoutBatchId: first.uuid, reason: 'Wait' });
  await expectSecondWaits(', which is paused. Let that one go on first.');
  await api.database
    .updateTable('payoutBatch')
    .set({ pendingCount: 0, submittedCount: 2 })
    .where('id', '=', first.uuid)
    .execute();
  await expectSecondWaits(', which is approved and not executed yet.');
});

it('waits for one that is being cancelled; both say until when, and what ends it sooner', async () => {
  await approve(first);
  await cancel(first);
  const howTo = 'Use nonce 0 with a rejection in the Safe’s own tools, or wait until 2030-05-06 07:08 UTC.';
  await expectSecondWaits(`, which is being cancelled, but signed. ${howTo}`);
  expect(await blockerOf(first)).toEqual({
    code: 'CANCELLATION_OPEN',
    message: `Enough owners have signed it, so the chain may still open it, and it holds the account’s nonce 0. ${howTo}`,
  });
});

it('one that is cancelled before enough have signed holds nobody', async () => {
  await first.grant(person('alice'));
  await cancel(first);
  expect([await blockerOf(first), await blockerOf(second)]).toEqual([null, null]);
});
