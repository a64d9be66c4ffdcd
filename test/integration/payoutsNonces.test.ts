import { toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEvmClient } from '../../chains/evm/client/evmClient.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { broadcast } from '../../payouts/broadcast.ts';
import { recover } from '../../payouts/recover.ts';
import { CONFIRMED_DEPTH, FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { type DisturbedNode, disturbNode } from './payoutsNode.ts';
import { payees, totalOf } from './payoutsSeed.ts';

// Blocks come when the test says so; the engine is called step by step.

let kit: PayoutsKit;
let deaf: DisturbedNode;
beforeAll(async () => {
  kit = await startPayoutsKit();
  deaf = await disturbNode(kit.chain.rpcUrl);
  deaf.treat('eth_sendRawTransaction', 'FORGET_ANSWER');
});
afterAll(async () => {
  await kit?.stop();
  await deaf?.stop();
});

let first = 0;
async function approvedBatch(count = 3) {
  first += 10_000;
  const lines = payees(count, first);
  const account = await kit.openAccount(totalOf(lines));
  return { lines, account, batchId: await kit.submitBatch(account, lines) };
}

function transactionsOf(batchId: string, kind: 'OPEN' | 'CHUNK') {
  return kit.database
    .selectFrom('chainTransaction')
    .select(['id', 'hash', 'status', 'broadcastCount', 'rawTransaction', 'nonce'])
    .where('batchId', '=', batchId)
    .where('kind', '=', kind)
    .where('rawTransaction', 'is not', null)
    .orderBy('id')
    .execute();
}

/** The relayer's key, in other hands: it sends something of no account and a block takes it. */
async function useKeyElsewhere() {
  const relayer = privateKeyToAccount(kit.chain.relayer.privateKey);
  await kit.chain.client.sendTransaction({ account: relayer, to: relayer.address, chain: null });
}

/** Signs with nobody listening: bytes are stored, none is in the node's pool. */
async function advanceUnheard(batchId: string) {
  const mute = await disturbNode(kit.chain.rpcUrl);
  mute.treat('eth_sendRawTransaction', 'HOLD');
  const held = mute.disturbed('eth_sendRawTransaction');
  const advanced = advanceBatch(kit.engine({ rpcUrl: mute.rpcUrl }), batchId);
  await held;
  await mute.stop();
  await advanced;
}

test('the same bytes sent again and again do their work once', async () => {
  const { batchId, lines } = await approvedBatch();
  await kit.openBatch(batchId);
  await advanceBatch(kit.engine(), batchId);
  const [chunk] = await transactionsOf(batchId, 'CHUNK');
  const stored = { id: chunk?.id ?? '', rawTransaction: toHex(chunk?.rawTransaction ?? Buffer.alloc(0)) };
  const client = createEvmClient({ rpcUrl: kit.chain.rpcUrl });
  await broadcast(kit.engine(), client, [stored]);
  await kit.mine();
  await broadcast(kit.engine(), client, [stored]);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await transactionsOf(batchId, 'CHUNK')).toMatchObject([{ status: 'FINAL', broadcastCount: 3 }]);
  await kit.requirePaidOnce(lines);
});

test('what the node dropped is sent again with the same bytes', async () => {
  const { batchId, lines } = await approvedBatch();
  await kit.openBatch(batchId);
  await advanceBatch(kit.engine(), batchId);
  const [chunk] = await transactionsOf(batchId, 'CHUNK');
  await kit.chain.client.dropTransaction({ hash: chunk?.hash as `0x${string}` });
  await kit.mine(2);
  expect(await transactionsOf(batchId, 'CHUNK')).toMatchObject([{ status: 'BROADCAST' }]);
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await transactionsOf(batchId, 'CHUNK')).toMatchObject([{ hash: chunk?.hash, status: 'FINAL' }]);
  await kit.requirePaidOnce(lines);
});

test('a node that takes bytes and does not answer leaves the outcome open', async () => {
  const { batchId, lines } = await approvedBatch();
  await advanceBatch(kit.engine({ rpcUrl: deaf.rpcUrl }), batchId);
  expect(await transactionsOf(batchId, 'OPEN')).toMatchObject([{ status: 'BROADCAST', broadcastCount: 1 }]);
  await kit.mine();
  await advanceBatch(kit.engine({ rpcUrl: deaf.rpcUrl }), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  await kit.requirePaidOnce(lines);
});

test('a key that was used elsewhere before: the lane goes on behind it', async () => {
  const { batchId, lines } = await approvedBatch();
  await useKeyElsewhere();
  await kit.mine();
  await kit.openBatch(batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await transactionsOf(batchId, 'OPEN')).toHaveLength(1);
  await kit.requirePaidOnce(lines);
});

test('a key that was used elsewhere after signing: done anew once that is final, not before', async () => {
  const { batchId, lines } = await approvedBatch();
  await kit.openBatch(batchId);
  await advanceUnheard(batchId);
  await useKeyElsewhere();
  await kit.mine(CONFIRMED_DEPTH);
  expect(await transactionsOf(batchId, 'CHUNK')).toMatchObject([{ status: 'REPLACED' }]);
  await advanceBatch(kit.engine(), batchId);
  expect(await transactionsOf(batchId, 'CHUNK')).toHaveLength(1);
  await kit.mine(FINAL_DEPTH);
  await advanceBatch(kit.engine(), batchId);
  expect(await transactionsOf(batchId, 'CHUNK')).toMatchObject([
    { status: 'REPLACED' },
    { status: 'BROADCAST' },
  ]);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  await kit.requirePaidOnce(lines);
});

test('what an earlier key has signed is sent by a worker that has another', async () => {
  const { batchId, lines } = await approvedBatch();
  await kit.openBatch(batchId);
  await advanceUnheard(batchId);
  const relayerKey = required(kit.chain.strangers[2], 'A stranger').privateKey;
  await recover(kit.engine({ relayerKeys: [relayerKey] }), { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await transactionsOf(batchId, 'CHUNK')).toHaveLength(1);
  await kit.requirePaidOnce(lines);
});

test('a nonce that nobody uses is filled, and what waited behind it goes on', async () => {
  const { batchId, lines } = await approvedBatch();
  await kit.openBatch(batchId);
  // As if the lane had gone on behind a transaction in the node's pool that the node then lost.
  await kit.database
    .updateTable('relayerLane')
    .set((eb) => ({ nextNonce: eb('nextNonce', '+', 2n) }))
    .execute();
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  expect(await transactionsOf(batchId, 'CHUNK')).toMatchObject([{ status: 'BROADCAST' }]);
  await kit.database
    .updateTable('chainTransaction')
    .set({ createdAt: new Date(Date.now() - 60_000) })
    .where('batchId', '=', batchId)
    .execute();
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  const fillers = kit.database.selectFrom('chainTransaction').select('status').where('kind', '=', 'CANCEL');
  expect(await fillers.execute()).toEqual([{ status: 'FINAL' }, { status: 'FINAL' }]);
  await kit.requirePaidOnce(lines);
});
