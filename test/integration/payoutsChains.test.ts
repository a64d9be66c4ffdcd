import { erc20Abi, type Hash, zeroAddress } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { checkApproval } from '../../payouts/checkApproval.ts';
import { loadBatch } from '../../payouts/loadBatch.ts';
import { approvedBatch } from './payoutsBatches.ts';
import { retryJobs, runJobs } from './payoutsJobs.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKits } from './payoutsKit.ts';
import { sendAsStranger } from './payoutsSafe.ts';
import { type Account, giveToken, totalOf } from './payoutsSeed.ts';

// Two EVM chains in one system: the same relayer, the same contracts' addresses, the same owners.

const CHAIN_IDS = [31_337, 31_338];

let kits: PayoutsKit[];
let [one, two]: PayoutsKit[] = [];
beforeAll(async () => {
  kits = await startPayoutsKits(CHAIN_IDS);
  [one, two] = kits;
});
afterAll(() => kits?.[0]?.stop());

async function approved(kit: PayoutsKit, count: number) {
  return { kit, ...(await approvedBatch(kit, count)) };
}

const chain = (index: 0 | 1): PayoutsKit => required(index === 0 ? one : two, 'A chain');

/** So many blocks on these chains, and after each what a worker does then. */
async function go(on: readonly PayoutsKit[], blocks: number) {
  for (let block = 0; block < blocks; block += 1) {
    await runJobs(chain(0), chain(0).engine());
    for (const kit of on) await kit.mine();
  }
  await runJobs(chain(0), chain(0).engine());
}

test('payments on both chains at once: each where it was asked for, by one relayer with the nonces of each chain', async () => {
  const batches = [await approved(chain(0), 210), await approved(chain(1), 810)];
  await go(kits, FINAL_DEPTH + 2);
  for (const { kit, batchId, lines } of batches) {
    expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', blockerCode: null });
    await kit.requirePaidOnce(lines);
    const other = kits.find((candidate) => candidate !== kit);
    for (const { recipient } of lines.slice(0, 3)) expect(await other?.balanceOf(recipient)).toBe(0n);
  }
  const lanes = await chain(0)
    .database.selectFrom('relayerLane')
    .innerJoin('chain', 'chain.id', 'relayerLane.chainId')
    .select(['address', 'chain.eip155ChainId'])
    .orderBy('chain.eip155ChainId')
    .execute();
  expect(lanes.map(({ eip155ChainId }) => Number(eip155ChainId))).toEqual(CHAIN_IDS);
  expect(new Set(lanes.map(({ address }) => address)).size).toBe(1);
});

/** Somebody makes the same Safe at the same address on the other chain, and gives it as much. */
async function copyAccount(account: Account, units: bigint) {
  const deployment = await chain(0)
    .database.selectFrom('chainTransaction')
    .select('hash')
    .where('accountId', '=', account.id)
    .where('kind', '=', 'ACCOUNT')
    .executeTakeFirstOrThrow();
  const { to, input } = await chain(0).chain.client.getTransaction({ hash: deployment.hash as Hash });
  await sendAsStranger(chain(1), to ?? zeroAddress, input);
  await giveToken(chain(1), account.address, units);
  await chain(1).mine();
  expect(await chain(1).chain.client.getCode({ address: account.address })).toBeDefined();
}

test('the same Safe on the other chain: what was approved for one opens nothing there, and moves nothing here', async () => {
  const { batchId, lines, account } = await approved(chain(0), 3);
  await copyAccount(account, totalOf(lines));
  const loaded = required(await loadBatch(chain(0).database, batchId), 'The batch');
  const approval = await chain(0)
    .database.selectFrom('approval')
    .selectAll()
    .where('batchId', '=', batchId)
    .executeTakeFirstOrThrow();
  const check = await checkApproval(chain(0).engine(), loaded, approval);
  if (!check.ready) throw new Error(check.blocker.message);
  // The owners' signatures are of the other chain: the Safe recovers strangers from them.
  await sendAsStranger(chain(1), account.address, check.data);
  await chain(1).mine();
  expect(await chain(1).chain.client.getCode({ address: loaded.vault })).toBeUndefined();
  expect(await chain(0).batch(batchId)).toMatchObject({ status: 'APPROVED', openedAtBlock: null });
  const transfers = await chain(0)
    .database.selectFrom('transfer')
    .select('units')
    .where('accountId', '=', account.id)
    .execute();
  expect(transfers).toEqual([{ units: totalOf(lines) }]);

  await go([chain(0)], FINAL_DEPTH + 1);
  expect(await chain(0).batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  await chain(0).requirePaidOnce(lines);
  const copied = await chain(1).chain.client.readContract({
    address: chain(1).token,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [account.address],
  });
  expect(copied).toBe(totalOf(lines));
});

test("one chain's node is dead: the other goes on, and what waits there is not failed", async () => {
  const dead = await approved(chain(1), 3);
  const alive = await approved(chain(0), 210);
  process.kill(chain(1).chain.pid, 'SIGKILL');
  await go([chain(0)], 1);
  await retryJobs(chain(0));
  await go([chain(0)], FINAL_DEPTH);
  expect(await alive.kit.batch(alive.batchId)).toMatchObject({ status: 'COMPLETED', blockerCode: null });
  await alive.kit.requirePaidOnce(alive.lines);
  expect(await dead.kit.batch(dead.batchId)).toMatchObject({ status: 'APPROVED', failedCount: 0 });
});
