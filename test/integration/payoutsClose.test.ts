import { type Address, encodeFunctionData, erc20Abi } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { recover } from '../../payouts/recover.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { setBlocked } from './indexerKit.ts';
import {
  advanceUnheard,
  grantAll,
  kindsOf,
  openedBatch,
  ownerContext,
  signedKinds,
} from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { executeFromManifest, sendAsStranger } from './payoutsSafe.ts';
import { type Payee, totalOf } from './payoutsSeed.ts';

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

async function refuse({ recipient }: Payee) {
  await setBlocked(kit, recipient, true);
  await kit.mine();
}

async function passCloseAfter(batchId: string) {
  const closeAfter = required((await kit.batch(batchId)).closeAfter, 'closeAfter');
  const timestamp = BigInt(Math.floor(closeAfter.getTime() / 1000)) + 1n;
  await kit.chain.client.setNextBlockTimestamp({ timestamp });
  await kit.mine();
}

test('a stranger executes before our transactions come: theirs count, ours are undone, nobody is paid twice', async () => {
  const { batchId, lines } = await openedBatch(kit, 250);
  await advanceUnheard(kit, batchId);
  await executeFromManifest(kit, batchId);
  await kit.mine();
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH + 1);
  await advanceBatch(kit.engine(), batchId);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN FINAL', 'CHUNK REVERTED', 'CHUNK REVERTED']);
  await kit.requirePaidOnce(lines);
});

test('a row that the token refuses is owed; the owners close, its money is back', async () => {
  const { batchId, lines, account } = await openedBatch(kit, 200);
  const [refused, ...others] = lines;
  await refuse(required(refused, 'A payee'));
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({
    status: 'EXECUTING',
    finalCount: 199,
    undeliveredCount: 1,
  });
  await advanceBatch(kit.engine(), batchId);
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CHUNK', 'RETRY']);

  await payoutBatchCancel(ownerContext(kit), { payoutBatchId: batchId });
  await grantAll(kit, batchId);
  await Promise.all([advanceBatch(kit.engine(), batchId), advanceBatch(kit.engine(), batchId)]);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({
    status: 'PARTIALLY_FAILED',
    finalCount: 199,
    failedCount: 1,
  });
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN FINAL', 'CHUNK FINAL', 'RETRY FINAL', 'CLOSE FINAL']);
  expect(await kit.balanceOf(account.address)).toBe(refused?.units);
  await kit.requirePaidOnce(others);
});

test('owners who close early stop what is not sent yet', async () => {
  const { batchId, lines, account } = await openedBatch(kit, 3);
  await payoutBatchCancel(ownerContext(kit), { payoutBatchId: batchId });
  await grantAll(kit, batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'FAILED', failedCount: 3 });
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CLOSE']);
  expect(await kit.balanceOf(account.address)).toBe(totalOf(lines));
});

test('after closeAfter anybody closes, and we do; not before, and not before chunks are paid', async () => {
  const { batchId, lines, account } = await openedBatch(kit, 3, {
    openWindowSeconds: 3_600,
    closeDelaySeconds: 60,
  });
  const [refused, ...others] = lines;
  await refuse(required(refused, 'A payee'));
  await passCloseAfter(batchId);
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CHUNK']);
  await kit.mine();
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CHUNK']);
  await kit.mine(FINAL_DEPTH);
  await Promise.all([advanceBatch(kit.engine(), batchId), advanceBatch(kit.engine(), batchId)]);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({
    status: 'PARTIALLY_FAILED',
    finalCount: 2,
    failedCount: 1,
  });
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CHUNK', 'CLOSE']);
  expect(await kit.balanceOf(account.address)).toBe(refused?.units);
  await kit.requirePaidOnce(others);
});

test('what is given to a vault that owes nothing goes to the payer', async () => {
  const { batchId, lines, account } = await openedBatch(kit, 3);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CHUNK']);
  const stranger = required(kit.chain.strangers[1], 'A stranger');
  const mint = encodeFunctionData({
    abi: developmentUsdcAbi,
    functionName: 'mint',
    args: [stranger.address, 5n],
  });
  await sendAsStranger(kit, kit.token, mint);
  await kit.mine();
  const vault = (await kit.batch(batchId)).vaultAddress as Address;
  const donation = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [vault, 5n] });
  await sendAsStranger(kit, kit.token, donation);
  await kit.mine();
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.balanceOf(account.address)).toBe(5n);
  expect((await kit.batch(batchId)).status).toBe('COMPLETED');
  await kit.requirePaidOnce(lines);
});
