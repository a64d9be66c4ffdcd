import { type Address, encodeFunctionData, erc20Abi } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { required } from '../../core/errors.ts';
import { payoutBatchRetryFailed } from '../../resolvers/payoutBatch/payoutBatchRetryFailed.ts';
import { payoutBatchSubmit } from '../../resolvers/payoutBatch/payoutBatchSubmit.ts';
import { setBlocked } from './indexerKit.ts';
import { grantAll, newPayees, ownerContext, transactionsOf } from './payoutsBatches.ts';
import { eventually } from './payoutsEventually.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { sendAsStranger } from './payoutsSafe.ts';
import { totalOf } from './payoutsSeed.ts';

// A worker and a chain that mines, and nobody who asks: what is left over, owed or failed goes its way.

const BLOCK_TIME_SECONDS = 1;
/** Of the chain's clock: no machine is so slow that it is over before the test ends it. */
const OPEN_WINDOW_SECONDS = 3_600;
const DONATION = 5n;

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit({ blockTimeSeconds: BLOCK_TIME_SECONDS });
  await kit.startProcess('worker');
});
afterAll(() => kit?.stop());

const context = () => ownerContext(kit);

/** What is final of what was signed. */
async function finalKinds(batchId: string): Promise<string[]> {
  const signed = await transactionsOf(kit, batchId);
  return signed.filter(({ status }) => status === 'FINAL').map(({ kind }) => kind);
}

test('money left when everything is delivered goes back', async () => {
  const lines = newPayees(3);
  const account = await kit.openAccount(totalOf(lines));
  const batchId = await kit.submitBatch(account, lines, { grants: 0 });
  await donate((await kit.batch(batchId)).vaultAddress as Address);
  await grantAll(kit, batchId);
  await eventually(async () => {
    expect(await finalKinds(batchId)).toEqual(['OPEN', 'CHUNK', 'CLOSE']);
  });
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await kit.balanceOf(account.address)).toBe(DONATION);
  await kit.requirePaidOnce(lines);
});

async function donate(vault: Address) {
  const stranger = required(kit.chain.strangers[1], 'A stranger').address;
  const mint = { abi: developmentUsdcAbi, functionName: 'mint', args: [stranger, DONATION] } as const;
  await sendAsStranger(kit, kit.token, encodeFunctionData(mint));
  const give = { abi: erc20Abi, functionName: 'transfer', args: [vault, DONATION] } as const;
  await sendAsStranger(kit, kit.token, encodeFunctionData(give));
  await eventually(async () => expect(await kit.balanceOf(vault)).toBe(DONATION));
}

test('what is owed is tried once more, closed after closeAfter, and can be paid again then', async () => {
  const lines = newPayees(3);
  const [refused, ...others] = lines;
  const { recipient, units } = required(refused, 'A payee');
  const account = await kit.openAccount(totalOf(lines));
  await setBlocked(kit, recipient, true);
  const times = { openWindowSeconds: OPEN_WINDOW_SECONDS, closeDelaySeconds: 0 };
  const batchId = await kit.submitBatch(account, lines, times);
  await eventually(async () => {
    expect(await finalKinds(batchId)).toEqual(['OPEN', 'CHUNK', 'RETRY']);
  });
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING', undeliveredCount: 1 });
  const retry = (idempotencyKey: string) =>
    payoutBatchRetryFailed(context(), { payoutBatchId: batchId, idempotencyKey });
  await expect(retry('too early')).rejects.toMatchObject({ faults: [{ code: 'BATCH_NOT_CLOSED' }] });
  // The chain's clock decides, not this machine's.
  await kit.chain.client.increaseTime({ seconds: OPEN_WINDOW_SECONDS });
  await eventually(async () => {
    expect(await kit.batch(batchId)).toMatchObject({ status: 'PARTIALLY_FAILED', failedCount: 1 });
  });
  expect(await finalKinds(batchId)).toEqual(['OPEN', 'CHUNK', 'RETRY', 'CLOSE']);
  expect(await kit.balanceOf(account.address)).toBe(units);

  await setBlocked(kit, recipient, false);
  const { payoutBatchId: again } = await retry('in time');
  const unset = { openWindowSeconds: null, closeDelaySeconds: null };
  await payoutBatchSubmit(context(), { payoutBatchId: again, ...unset });
  await grantAll(kit, again);
  await eventually(async () => {
    expect(await kit.batch(again)).toMatchObject({ status: 'COMPLETED' });
  });
  await kit.requirePaidOnce([required(refused, 'A payee'), ...others]);
});
