import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDelegation } from '../../chains/evm/client/readRelayer.ts';
import { MAX_TRANSACTION_GAS } from '../../chains/evm/codec/payoutGas.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { mostCost } from '../../payouts/fees/quoteFees.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { recover } from '../../payouts/recover.ts';
import { chooseLane } from '../../payouts/relayer/chooseLane.ts';
import { type Lane, lockLane } from '../../payouts/relayer/lane.ts';
import { advanceUnheard, approvedBatch, kindsOf, transactionsOf } from './payoutsBatches.ts';
import { eventually } from './payoutsEventually.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { freshKey, fund, laneOf, untilCompleted } from './payoutsLaneKit.ts';
import { oneAtATime, type PolicyNode, startPolicyNode } from './payoutsPolicyNode.ts';

// Several lanes in one worker, and keys whose account is delegated (EIP-7702).

let kit: PayoutsKit;
let node: PolicyNode;
beforeAll(async () => {
  kit = await startPayoutsKit();
  node = await startPolicyNode(kit.chain.rpcUrl);
});
afterAll(async () => {
  await kit?.stop();
  await node?.stop();
});

const addressOf = (key: Hex) => privateKeyToAccount(key).address;

/** The keys that signed for a batch. */
async function sendersOf(batchId: string): Promise<string[]> {
  return [...new Set((await transactionsOf(kit, batchId)).map(({ sender }) => `${sender}`))];
}

async function chainOf(engine: PayoutEngine) {
  const { id } = await kit.database.selectFrom('chain').select('id').executeTakeFirstOrThrow();
  return { chain: { id, eip155ChainId: kit.chain.chainId }, engine };
}

/** A stranger brings the key's authorization; the key itself sends nothing, and its nonce is used all the same. */
async function delegate(key: Hex, to: Hex, nonce?: number): Promise<void> {
  const { client, strangers } = kit.chain;
  const stranger = privateKeyToAccount(required(strangers[0], 'A stranger').privateKey);
  const account = privateKeyToAccount(key);
  const authorization = await account.signAuthorization({
    contractAddress: to,
    chainId: kit.chain.chainId,
    nonce: nonce ?? (await client.getTransactionCount({ address: account.address })),
  });
  await client.sendTransaction({
    ...{ account: stranger, chain: null, to: stranger.address },
    authorizationList: [authorization],
  });
  await kit.mine();
}

/** Something of a size that no block has is under way in a key's lane. */
async function occupy(
  key: Hex,
  change: { chainId: string; gasLimit?: bigint; maxFeePerGas?: bigint },
): Promise<void> {
  await kit.database
    .insertInto('chainTransaction')
    .values({
      ...{ kind: 'CHUNK', status: 'BROADCAST', hash: `0x${key.slice(2)}` },
      ...{ rawTransaction: Buffer.from([2]), broadcastCount: 1, sender: addressOf(key), nonce: 0n },
      ...{ gasLimit: 1_000_000_000_000n, maxFeePerGas: 1n, ...change },
    })
    .execute();
}

test('new work goes where the least is under way', async () => {
  const keys = [await freshKey(kit), await freshKey(kit), await freshKey(kit)];
  const engine = kit.engine({ relayerKeys: keys });
  const batches = [await approvedBatch(kit), await approvedBatch(kit), await approvedBatch(kit)];
  for (const { batchId } of batches) await advanceBatch(engine, batchId);
  const senders = await Promise.all(batches.map(({ batchId }) => sendersOf(batchId)));
  expect(senders.flat().toSorted()).toEqual(keys.map(addressOf).toSorted());
  await kit.mine(FINAL_DEPTH);
  for (const { batchId, lines } of batches) {
    expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
    await kit.requirePaidOnce(lines);
  }
});

test('a worker process with two keys works in two lanes', async () => {
  const keys = [await freshKey(kit), await freshKey(kit)];
  const batches = [await approvedBatch(kit), await approvedBatch(kit)];
  const worker = await kit.startProcess('worker', { relayerKeys: keys });
  await eventually(async () => {
    await kit.mine();
    for (const { batchId } of batches) expect((await kit.batch(batchId)).status).toBe('COMPLETED');
  });
  await worker.kill();
  const senders = await Promise.all(batches.map(({ batchId }) => sendersOf(batchId)));
  for (const sender of senders.flat()) expect(keys.map(addressOf)).toContain(sender);
  for (const { lines } of batches) await kit.requirePaidOnce(lines);
});

test('a lane without money is passed over, and taken again when it has some', async () => {
  const [poor, rich] = [await freshKey(kit, '0.000001'), await freshKey(kit)];
  const engine = kit.engine({ relayerKeys: [poor, rich] });
  const first = await approvedBatch(kit);
  await advanceBatch(engine, first.batchId);
  expect(await sendersOf(first.batchId)).toEqual([addressOf(rich)]);
  expect(await laneOf(kit, poor)).toMatchObject({
    state: 'UNFUNDED',
    reason: expect.stringMatching(/base units/),
  });
  await fund(kit, poor, '100');
  await recover(engine, { patient: true });
  expect(await laneOf(kit, poor)).toMatchObject({ state: 'ACTIVE', reason: null });
  const second = await approvedBatch(kit);
  await advanceBatch(engine, second.batchId);
  expect(await sendersOf(second.batchId)).toEqual([addressOf(poor)]);
  await kit.mine(FINAL_DEPTH);
  for (const { lines } of [first, second]) await kit.requirePaidOnce(lines);
});

test('a lane that is held up holds up what it has signed, and nothing else', async () => {
  const [stuck, free] = [await freshKey(kit), await freshKey(kit)];
  const engine = kit.engine({ relayerKeys: [stuck, free] });
  const held = await approvedBatch(kit);
  await advanceUnheard(kit, held.batchId, { relayerKeys: [stuck] });
  const long = new Date(Date.now() - 600_000);
  await kit.database
    .updateTable('chainTransaction')
    .set({ createdAt: long, lastBroadcastAt: new Date() })
    .where('batchId', '=', held.batchId)
    .execute();
  await recover(engine, { patient: true });
  expect(await laneOf(kit, stuck)).toMatchObject({
    state: 'STUCK',
    reason: expect.stringContaining('nonce 0'),
  });
  const next = await approvedBatch(kit);
  await advanceBatch(engine, next.batchId);
  expect(await sendersOf(next.batchId)).toEqual([addressOf(free)]);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(next.batchId)).toMatchObject({ status: 'COMPLETED' });
  await untilCompleted(kit, engine, held.batchId);
  await recover(engine, { patient: true });
  expect(await laneOf(kit, stuck)).toMatchObject({ state: 'ACTIVE' });
  for (const { lines } of [held, next]) await kit.requirePaidOnce(lines);
});

test('a delegated key: its lane is passed over; alone, it sends one transaction at a time and pays all the same', async () => {
  const [delegated, plain] = [await freshKey(kit), await freshKey(kit)];
  const other = required(kit.chain.strangers[1], 'A stranger').address;
  await delegate(delegated, other);
  const client = required(kit.engine().chains.get(kit.chain.chainId), 'The chain').client;
  expect(await readDelegation(client, addressOf(delegated))).toBe(other);
  const both = kit.engine({ relayerKeys: [delegated, plain] });
  const first = await approvedBatch(kit);
  await advanceBatch(both, first.batchId);
  expect(await sendersOf(first.batchId)).toEqual([addressOf(plain)]);
  expect(await laneOf(kit, delegated)).toMatchObject({
    state: 'DELEGATED',
    reason: expect.stringContaining(other),
  });
  await kit.mine(FINAL_DEPTH);

  node.setPolicy(oneAtATime);
  const alone = kit.engine({ rpcUrl: node.rpcUrl, relayerKeys: [delegated] });
  const second = await approvedBatch(kit);
  await advanceBatch(alone, second.batchId);
  expect(await kindsOf(kit, second.batchId)).toEqual(['OPEN BROADCAST']);
  await untilCompleted(kit, alone, second.batchId);
  node.setPolicy(() => 'TAKE');
  for (const { lines } of [first, second]) await kit.requirePaidOnce(lines);
});

test('“in-flight limit” for what was signed before the delegation: one after another, with the same bytes', async () => {
  const key = await freshKey(kit);
  const engine = kit.engine({ rpcUrl: node.rpcUrl, relayerKeys: [key] });
  const { batchId, lines } = await approvedBatch(kit);
  await advanceUnheard(kit, batchId, { relayerKeys: [key] });
  node.setPolicy(oneAtATime);
  await recover(engine, { patient: false });
  expect(await laneOf(kit, key)).toMatchObject({ state: 'DELEGATED' });
  await untilCompleted(kit, engine, batchId);
  node.setPolicy(() => 'TAKE');
  expect(await transactionsOf(kit, batchId)).toHaveLength(2);
  await kit.requirePaidOnce(lines);
});

test('a nonce that an authorization used, without a transaction: what had it is done anew once that is final', async () => {
  const key = await freshKey(kit);
  const engine = kit.engine({ relayerKeys: [key] });
  const { batchId, lines } = await approvedBatch(kit);
  await advanceUnheard(kit, batchId, { relayerKeys: [key] });
  const other = required(kit.chain.strangers[1], 'A stranger').address;
  await delegate(key, other, 0);
  await recover(engine, { patient: false });
  // A block has used the nonce, and none has the transaction: nothing is concluded before that is final.
  expect((await kindsOf(kit, batchId))[0]).toBe('OPEN BROADCAST');
  await kit.mine(FINAL_DEPTH);
  await recover(engine, { patient: false });
  expect((await kindsOf(kit, batchId))[0]).toBe('OPEN REPLACED');
  await untilCompleted(kit, engine, batchId);
  await kit.requirePaidOnce(lines);
});

// From here on: what fills the lanes is no transaction, and stays.
test('a full lane is passed over; where all are full, none takes more', async () => {
  const keys = [await freshKey(kit), await freshKey(kit)];
  const { engine, chain } = await chainOf(kit.engine({ relayerKeys: keys }));
  const fill = (key: Hex) => occupy(key, { chainId: chain.id });
  await fill(required(keys[0], 'A key'));
  const free = await chooseLane(engine, chain, MAX_TRANSACTION_GAS);
  expect(free).toMatchObject({ key: { address: addressOf(required(keys[1], 'A key')) } });
  await fill(required(keys[1], 'A key'));
  const full = await chooseLane(engine, chain, MAX_TRANSACTION_GAS);
  if ('code' in full) throw new Error(full.message);
  const { room } = await kit.database.transaction().execute((database) => lockLane(database, full));
  expect(room).toBe(0);
});

test('a lane takes no more than it can pay for, whatever the blocks hold', async () => {
  const key = await freshKey(kit);
  const { engine, chain } = await chainOf(kit.engine({ relayerKeys: [key] }));
  const rich = await chooseLane(engine, chain, MAX_TRANSACTION_GAS);
  if ('code' in rich) throw new Error(rich.message);
  const cost = mostCost(rich.quote, MAX_TRANSACTION_GAS);
  const roomOf = (lane: Lane) =>
    kit.database.transaction().execute(async (database) => (await lockLane(database, lane)).room);
  expect(await roomOf(rich)).toBeGreaterThan(2);
  expect(await roomOf({ ...rich, balance: 3n * cost - 1n })).toBe(2);
  // What is under way is paid first.
  await occupy(key, { chainId: chain.id, gasLimit: 1n, maxFeePerGas: cost });
  expect(await roomOf({ ...rich, balance: 3n * cost - 1n })).toBe(1);
});

test('an open, too, waits for room in its lane', async () => {
  const key = await freshKey(kit);
  const { engine, chain } = await chainOf(kit.engine({ relayerKeys: [key] }));
  const { batchId } = await approvedBatch(kit);
  await occupy(key, { chainId: chain.id });
  await advanceBatch(engine, batchId);
  expect(await transactionsOf(kit, batchId)).toEqual([]);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'APPROVED', blockerCode: null });
});
