import type { Hash } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEvmClient } from '../../chains/evm/client/evmClient.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { broadcast } from '../../payouts/broadcast.ts';
import { recover } from '../../payouts/recover.ts';
import type { NodeProxy } from '../kit/nodeProxy.ts';
import { reorgChain } from './indexerKit.ts';
import { advanceUnheard, approvedBatch, kindsOf, transactionsOf } from './payoutsBatches.ts';
import { CONFIRMED_DEPTH, FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import {
  fillersOf,
  freshKey,
  fund,
  laneOf,
  letTimePass,
  purgePool,
  startLaneNodes,
  storedBytesOf,
  untilCompleted,
  useElsewhere,
} from './payoutsLaneKit.ts';
import { onlyTheNext, type PolicyNode } from './payoutsPolicyNode.ts';

// One lane, and everything that can happen to its nonces. Blocks come when the test says so; the engine is called step by
// step; the open and the chunk of a batch have two nonces, one behind the other.

const SEND = 'eth_sendRawTransaction';

let kit: PayoutsKit;
let proxy: NodeProxy;
let strict: PolicyNode;
let nodes: Awaited<ReturnType<typeof startLaneNodes>>;
beforeAll(async () => {
  kit = await startPayoutsKit();
  nodes = await startLaneNodes(kit);
  ({ proxy, strict } = nodes);
});
afterAll(async () => {
  await kit?.stop();
  await nodes?.stop();
});

async function begin() {
  const key = await freshKey(kit);
  const engine = kit.engine({ relayerKeys: [key] });
  return { key, engine, ...(await approvedBatch(kit)) };
}

test('“already known”, “nonce too low”: the same bytes sent again and again do their work once', async () => {
  const { engine, batchId, lines } = await begin();
  await advanceBatch(engine, batchId);
  const stored = await storedBytesOf(kit, batchId);
  const client = createEvmClient({ rpcUrl: kit.chain.rpcUrl });
  await broadcast(engine, client, stored);
  await kit.mine();
  await broadcast(engine, client, stored);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await transactionsOf(kit, batchId)).toMatchObject([
    { kind: 'OPEN', status: 'FINAL', broadcastCount: 3 },
    { kind: 'CHUNK', status: 'FINAL', broadcastCount: 3 },
  ]);
  await kit.requirePaidOnce(lines);
});

test.each(['the first', 'all'])('a node drops %s: sent again with the same bytes', async (what) => {
  const { engine, batchId, lines } = await begin();
  await advanceBatch(engine, batchId);
  const before = await transactionsOf(kit, batchId);
  if (what === 'all') await purgePool(kit);
  else await kit.chain.client.dropTransaction({ hash: before[0]?.hash as Hash });
  await kit.mine(2);
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN BROADCAST', 'CHUNK BROADCAST']);
  await recover(engine, { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect((await transactionsOf(kit, batchId)).map(({ hash }) => hash)).toEqual(
    before.map(({ hash }) => hash),
  );
  await kit.requirePaidOnce(lines);
});

test('a node that takes bytes and does not answer, or answers an error, leaves the outcome open', async () => {
  for (const kind of ['DROP_AFTER', 'ERROR_AFTER'] as const) {
    const { key, batchId, lines } = await begin();
    const engine = kit.engine({ rpcUrl: proxy.rpcUrl, relayerKeys: [key] });
    proxy.force(SEND, { kind }, 2);
    await advanceBatch(engine, batchId);
    await advanceBatch(engine, batchId);
    const sent = await transactionsOf(kit, batchId);
    expect(sent).toMatchObject([{ broadcastCount: 1 }, { broadcastCount: 1 }]);
    await kit.mine(FINAL_DEPTH);
    expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
    expect(await transactionsOf(kit, batchId)).toHaveLength(2);
    await kit.requirePaidOnce(lines);
  }
});

test('a node that says it took the bytes, and forgot them, gets them again', async () => {
  const { key, batchId, lines } = await begin();
  const engine = kit.engine({ rpcUrl: strict.rpcUrl, relayerKeys: [key] });
  strict.setPolicy(() => 'SWALLOW');
  await advanceBatch(engine, batchId);
  await kit.mine(2);
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN BROADCAST', 'CHUNK BROADCAST']);
  strict.setPolicy(() => 'TAKE');
  await untilCompleted(kit, engine, batchId);
  expect(await transactionsOf(kit, batchId)).toHaveLength(2);
  await kit.requirePaidOnce(lines);
});

test('“nonce too high”: what came too early is sent again in order, at once', async () => {
  const { key, batchId, lines } = await begin();
  const engine = kit.engine({ rpcUrl: strict.rpcUrl, relayerKeys: [key] });
  const before = strict.refused.length;
  // The later of the two is looked at first, and this node keeps nothing for later.
  strict.setPolicy(onlyTheNext);
  await advanceBatch(engine, batchId);
  expect(strict.refused.slice(before)).toEqual([expect.stringContaining('nonce too high')]);
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN BROADCAST', 'CHUNK BROADCAST']);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  strict.setPolicy(() => 'TAKE');
  await kit.requirePaidOnce(lines);
});

test('“insufficient funds”: nothing is given up, and it goes out when there is money again', async () => {
  const { key, engine, batchId, lines } = await begin();
  await advanceUnheard(kit, batchId, { relayerKeys: [key] });
  await fund(kit, key, '0.000001');
  await recover(engine, { patient: false });
  await kit.mine();
  expect(await laneOf(kit, key)).toMatchObject({
    state: 'UNFUNDED',
    reason: expect.stringContaining('base units'),
  });
  await fund(kit, key, '100');
  await untilCompleted(kit, engine, batchId);
  await recover(engine, { patient: true });
  expect(await laneOf(kit, key)).toMatchObject({ state: 'ACTIVE', reason: null });
  expect(await transactionsOf(kit, batchId)).toHaveLength(2);
  await kit.requirePaidOnce(lines);
});

test('a key that was used elsewhere before: the lane goes on behind it', async () => {
  const { key, engine, batchId, lines } = await begin();
  await useElsewhere(kit, key);
  await kit.mine();
  await untilCompleted(kit, engine, batchId);
  expect((await transactionsOf(kit, batchId)).map(({ nonce }) => nonce)).toEqual([1n, 2n]);
  expect(await laneOf(kit, key)).toMatchObject({ state: 'ACTIVE' });
  await kit.requirePaidOnce(lines);
});

test('somebody else’s waits in the pool: the lane goes on behind it, and says who signs there', async () => {
  const { key, engine, batchId, lines } = await begin();
  const other = await approvedBatch(kit);
  await untilCompleted(kit, engine, other.batchId);
  await useElsewhere(kit, key);
  await advanceBatch(engine, batchId);
  expect((await transactionsOf(kit, batchId)).map(({ nonce }) => nonce)).toEqual([3n, 4n]);
  expect(await laneOf(kit, key)).toMatchObject({ state: 'USED_ELSEWHERE' });
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  await kit.requirePaidOnce(lines);
});

test('… and is lost from the pool: its nonce is used up by a transfer of nothing', async () => {
  const { key, engine, batchId, lines } = await begin();
  const theirs = await useElsewhere(kit, key);
  await advanceBatch(engine, batchId);
  await kit.chain.client.dropTransaction({ hash: theirs });
  await kit.mine(2);
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN BROADCAST', 'CHUNK BROADCAST']);
  await kit.database.updateTable('chainTransaction').set({ createdAt: new Date() }).execute();
  await recover(engine, { patient: true });
  expect(await fillersOf(kit, key)).toEqual([]);
  await untilCompleted(kit, engine, batchId);
  expect(await fillersOf(kit, key)).toEqual(['FINAL']);
  expect(await transactionsOf(kit, batchId)).toHaveLength(2);
  await kit.requirePaidOnce(lines);
});

test('a key that was used elsewhere after signing: done anew once that is final, not before', async () => {
  const { key, engine, batchId, lines } = await begin();
  await advanceUnheard(kit, batchId, { relayerKeys: [key] });
  await useElsewhere(kit, key);
  await kit.mine(CONFIRMED_DEPTH);
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN REPLACED', 'CHUNK BROADCAST']);
  await advanceBatch(engine, batchId);
  expect(await transactionsOf(kit, batchId)).toHaveLength(2);
  await untilCompleted(kit, engine, batchId);
  await kit.requirePaidOnce(lines);
});

test('somebody else outbids ours in the pool: done anew once that is final', async () => {
  const { key, engine, batchId, lines } = await begin();
  await advanceBatch(engine, batchId);
  await useElsewhere(kit, key, { nonce: 0, outbids: true });
  await kit.mine();
  expect((await kindsOf(kit, batchId))[0]).toBe('OPEN REPLACED');
  await recover(engine, { patient: true });
  expect(await laneOf(kit, key)).toMatchObject({ state: 'USED_ELSEWHERE' });
  await untilCompleted(kit, engine, batchId);
  await kit.requirePaidOnce(lines);
});

test('“replacement transaction underpriced” at a first send: somebody else has the nonce in the pool', async () => {
  const { key, batchId, lines } = await begin();
  strict.hidePool(true);
  await useElsewhere(kit, key, { outbids: true });
  const engine = kit.engine({ rpcUrl: strict.rpcUrl, relayerKeys: [key] });
  await advanceBatch(engine, batchId);
  expect((await kindsOf(kit, batchId))[0]).toBe('OPEN SIGNED');
  expect(await laneOf(kit, key)).toMatchObject({ state: 'USED_ELSEWHERE' });
  strict.hidePool(false);
  await untilCompleted(kit, engine, batchId);
  await kit.requirePaidOnce(lines);
});

test('another’s took our nonce in a block that a reorg took out: ours is sent again, nothing waits for ever', async () => {
  const { key, engine, batchId, lines } = await begin();
  await advanceUnheard(kit, batchId, { relayerKeys: [key] });
  await useElsewhere(kit, key);
  await kit.mine();
  expect((await kindsOf(kit, batchId))[0]).toBe('OPEN REPLACED');
  await reorgChain(kit, 1);
  await kit.untilIndexed();
  await letTimePass(kit);
  await recover(engine, { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN FINAL', 'CHUNK FINAL']);
  expect(await fillersOf(kit, key)).toEqual([]);
  await kit.requirePaidOnce(lines);
});

test('… and whoever signed it has another key now: it is sent again without the old one', async () => {
  const { key, batchId, lines } = await begin();
  await advanceUnheard(kit, batchId, { relayerKeys: [key] });
  await useElsewhere(kit, key);
  await kit.mine();
  await reorgChain(kit, 1);
  await kit.untilIndexed();
  await letTimePass(kit);
  await recover(kit.engine({ relayerKeys: [await freshKey(kit)] }), { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN FINAL', 'CHUNK FINAL']);
  await kit.requirePaidOnce(lines);
});

test('what an earlier key has signed is sent by a worker that has another, and signs with its own', async () => {
  const { key, batchId, lines } = await begin();
  await advanceUnheard(kit, batchId, { relayerKeys: [key] });
  const other = await freshKey(kit);
  const engine = kit.engine({ relayerKeys: [other] });
  await recover(engine, { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await transactionsOf(kit, batchId)).toHaveLength(2);
  await kit.requirePaidOnce(lines);
  const next = await approvedBatch(kit);
  await untilCompleted(kit, engine, next.batchId);
  const senders = (await transactionsOf(kit, next.batchId)).map(({ sender }) => sender);
  expect(new Set(senders)).toEqual(new Set([privateKeyToAccount(other).address]));
});

test('a node that boasts of nonces that are not used does not send the lane away from the chain', async () => {
  const { key, batchId, lines } = await begin();
  const boaster = kit.engine({ rpcUrl: strict.rpcUrl, relayerKeys: [key] });
  const truthful = required(kit.engine().chains.get(kit.chain.chainId), 'The chain').client;
  strict.boast(1_000_000);
  // What is concluded, two nodes say; this engine's second one does not boast.
  const chains = new Map([...boaster.chains].map(([id, chain]) => [id, { ...chain, checked: truthful }]));
  await advanceBatch({ ...boaster, chains }, batchId);
  expect((await transactionsOf(kit, batchId)).map(({ nonce }) => nonce)).toEqual([0n, 1n]);
  // Nor bit by bit: what it was believed once is not there yet.
  const [patient, next] = [await begin(), await approvedBatch(kit)];
  const there = (batch: string) => {
    const engine = kit.engine({ rpcUrl: strict.rpcUrl, relayerKeys: [patient.key] });
    const nodes = new Map([...engine.chains].map(([id, chain]) => [id, { ...chain, checked: truthful }]));
    return advanceBatch({ ...engine, chains: nodes }, batch);
  };
  strict.boast(16);
  await there(patient.batchId);
  expect((await transactionsOf(kit, patient.batchId)).map(({ nonce }) => nonce)).toEqual([16n, 17n]);
  strict.boast(34);
  await there(next.batchId);
  expect((await transactionsOf(kit, next.batchId)).map(({ nonce }) => nonce)).toEqual([18n, 19n]);
  strict.boast(0);
  await untilCompleted(kit, patient.engine, next.batchId);
  await kit.requirePaidOnce([...patient.lines, ...next.lines]);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  await kit.requirePaidOnce(lines);
});
