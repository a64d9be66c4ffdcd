import type { Address, Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { checkApproval } from '../../payouts/checkApproval.ts';
import { loadBatch } from '../../payouts/loadBatch.ts';
import { recover } from '../../payouts/recover.ts';
import { entriesOf } from './indexerKit.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { sendAsStranger } from './payoutsSafe.ts';
import { type Account, payees, totalOf } from './payoutsSeed.ts';

/** PUSH0 PUSH0 REVERT. */
const REVERTS = '0x5f5ffd';

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

let first = 0;
async function approvedBatch() {
  first += 10_000;
  const lines = payees(3, first);
  const account = await kit.openAccount(totalOf(lines));
  const batchId = await kit.submitBatch(account, lines);
  await kit.mine(FINAL_DEPTH);
  return { lines, account, batchId };
}

function transactionsOf(batchId: string) {
  return kit.database
    .selectFrom('chainTransaction')
    .select(['kind', 'status'])
    .where('batchId', '=', batchId)
    .where('rawTransaction', 'is not', null)
    .orderBy('id')
    .execute();
}

async function reorg(depth: number) {
  await kit.chain.reorg(depth);
  await kit.untilIndexed();
}

/** The owners' signatures are public once given: anybody may bring them to the Safe. */
async function openAsStranger(account: Account, batchId: string) {
  const approval = await kit.database
    .selectFrom('approval')
    .selectAll()
    .where('batchId', '=', batchId)
    .executeTakeFirstOrThrow();
  const loaded = required(await loadBatch(kit.database, batchId), 'The batch');
  const check = await checkApproval(kit.engine(), loaded, approval);
  if (!check.ready) throw new Error(check.blocker.message);
  await sendAsStranger(kit, account.address, check.data);
  await kit.mine();
}

test('open and chunk taken out by a reorg go in again with the same bytes', async () => {
  const { batchId, lines } = await approvedBatch();
  await kit.openBatch(batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  await reorg(2);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'APPROVED', openedAtBlock: null });
  expect(await transactionsOf(batchId)).toEqual([
    { kind: 'OPEN', status: 'BROADCAST' },
    { kind: 'CHUNK', status: 'BROADCAST' },
  ]);
  await advanceBatch(kit.engine(), batchId);
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH);
  await advanceBatch(kit.engine(), batchId);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await transactionsOf(batchId)).toEqual([
    { kind: 'OPEN', status: 'FINAL' },
    { kind: 'CHUNK', status: 'FINAL' },
  ]);
  await kit.requirePaidOnce(lines);
});

test('a chunk that ran while its vault was gone did nothing: it is sent anew once that is final', async () => {
  const { batchId, lines, account } = await approvedBatch();
  await openAsStranger(account, batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  // Nobody brings the stranger's open again. Our chunk goes to an address without code, where every call succeeds.
  await reorg(2);
  await recover(kit.engine(), { patient: false });
  await kit.mine();
  expect(await transactionsOf(batchId)).toEqual([{ kind: 'CHUNK', status: 'INCLUDED' }]);

  await kit.openBatch(batchId);
  await advanceBatch(kit.engine(), batchId);
  expect((await transactionsOf(batchId)).map(({ kind }) => kind)).toEqual(['CHUNK', 'OPEN']);
  await kit.mine(FINAL_DEPTH);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect((await transactionsOf(batchId)).map(({ kind }) => kind)).toEqual(['CHUNK', 'OPEN', 'CHUNK']);
  await kit.requirePaidOnce(lines);
});

test('a chunk that reverts because its open was taken out is PENDING again, never FAILED', async () => {
  const { batchId, lines, account } = await approvedBatch();
  await openAsStranger(account, batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  const { vaultAddress } = await kit.batch(batchId);
  await reorg(2);
  // What stands at the vault's address without the open refuses every call.
  const setVaultCode = (bytecode: Hex) =>
    kit.chain.client.setCode({ address: vaultAddress as Address, bytecode });
  await setVaultCode(REVERTS);
  await recover(kit.engine(), { patient: false });
  await kit.mine();
  expect(await transactionsOf(batchId)).toEqual([{ kind: 'CHUNK', status: 'REVERTED' }]);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'APPROVED', failedCount: 0 });
  await setVaultCode('0x');
  await kit.openBatch(batchId);
  // Until its block is final, a reorg could run it again, with the vault there.
  await advanceBatch(kit.engine(), batchId);
  expect((await transactionsOf(batchId)).map(({ kind }) => kind)).toEqual(['CHUNK', 'OPEN']);
  await kit.mine(FINAL_DEPTH);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', failedCount: 0 });
  expect((await transactionsOf(batchId)).map(({ kind }) => kind)).toEqual(['CHUNK', 'OPEN', 'CHUNK']);
  const told = (await entriesOf(kit, batchId)).flatMap(({ changes }) =>
    (changes ?? []).map(({ status }) => status),
  );
  expect(told).toContain('PENDING');
  expect(told).not.toContain('FAILED');
  await kit.requirePaidOnce(lines);
});
