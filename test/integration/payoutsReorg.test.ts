import type { Address, Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { recover } from '../../payouts/recover.ts';
import { entriesOf } from './indexerKit.ts';
import { approvedBatch, kindsOf, signedKinds } from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { openElsewhere } from './payoutsSafe.ts';

/** PUSH0 PUSH0 REVERT. */
const REVERTS = '0x5f5ffd';

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

/** Its account is out of a reorg's reach. */
async function approved() {
  const made = await approvedBatch(kit);
  await kit.mine(FINAL_DEPTH);
  return made;
}

async function reorg(depth: number) {
  await kit.chain.reorg(depth);
  await kit.untilIndexed();
}

async function openAsStranger(batchId: string) {
  await openElsewhere(kit, batchId);
  await kit.mine();
}

test('open and chunk taken out by a reorg go in again with the same bytes', async () => {
  const { batchId, lines } = await approved();
  await kit.openBatch(batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  await reorg(2);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'APPROVED', openedAtBlock: null });
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN BROADCAST', 'CHUNK BROADCAST']);
  await advanceBatch(kit.engine(), batchId);
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH);
  await advanceBatch(kit.engine(), batchId);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN FINAL', 'CHUNK FINAL']);
  await kit.requirePaidOnce(lines);
});

test('a chunk that ran while its vault was gone did nothing: it is sent anew once that is final', async () => {
  const { batchId, lines } = await approved();
  await openAsStranger(batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  // Nobody brings the stranger's open again. Our chunk goes to an address without code, where every call succeeds.
  await reorg(2);
  await recover(kit.engine(), { patient: false });
  await kit.mine();
  expect(await kindsOf(kit, batchId)).toEqual(['CHUNK INCLUDED']);

  await kit.openBatch(batchId);
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['CHUNK', 'OPEN']);
  await kit.mine(FINAL_DEPTH);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await signedKinds(kit, batchId)).toEqual(['CHUNK', 'OPEN', 'CHUNK']);
  await kit.requirePaidOnce(lines);
});

test('a chunk that reverts because its open was taken out is PENDING again, never FAILED', async () => {
  const { batchId, lines } = await approved();
  await openAsStranger(batchId);
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
  expect(await kindsOf(kit, batchId)).toEqual(['CHUNK REVERTED']);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'APPROVED', failedCount: 0 });
  await setVaultCode('0x');
  await kit.openBatch(batchId);
  // Until its block is final, a reorg could run it again, with the vault there.
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['CHUNK', 'OPEN']);
  await kit.mine(FINAL_DEPTH);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', failedCount: 0 });
  expect(await signedKinds(kit, batchId)).toEqual(['CHUNK', 'OPEN', 'CHUNK']);
  const told = (await entriesOf(kit, batchId)).flatMap(({ changes }) =>
    (changes ?? []).map(({ status }) => status),
  );
  expect(told).toContain('PENDING');
  expect(told).not.toContain('FAILED');
  await kit.requirePaidOnce(lines);
});
