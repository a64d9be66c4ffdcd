import { afterAll, beforeAll, expect, test } from 'vitest';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { recover } from '../../payouts/recover.ts';
import type { NodeProxy } from '../kit/nodeProxy.ts';
import { approvedBatch, kindsOf, transactionsOf } from './payoutsBatches.ts';
import { raiseBaseFee, withPolicy } from './payoutsFeesKit.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import {
  fillersOf,
  freshKey,
  laneOf,
  letTimePass,
  purgePool,
  startLaneNodes,
  untilCompleted,
} from './payoutsLaneKit.ts';
import { onlyTheNext, type PolicyNode } from './payoutsPolicyNode.ts';

// How other relayers and nonce managers are known to have failed in the field, told in our own words, each on a real node.
// Nobody does anything but what workers do all the time.

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

// A counter that ran ahead of the chain, with nothing signed in between, was never wound back: a node without a pool answered
// "nonce too high" to everything from then on, for days, restarts included.
test('openzeppelin-relayer #818: a counter ahead of the chain does not send the lane away', async () => {
  const key = await freshKey(kit);
  const engine = kit.engine({ rpcUrl: strict.rpcUrl, relayerKeys: [key] });
  strict.setPolicy(onlyTheNext);
  const before = await approvedBatch(kit);
  await untilCompleted(kit, engine, before.batchId);
  await kit.database
    .updateTable('relayerLane')
    .set((eb) => ({ nextNonce: eb('nextNonce', '+', 265n) }))
    .where('address', '=', (await laneOf(kit, key)).address)
    .execute();
  const { batchId, lines } = await approvedBatch(kit);
  await advanceBatch(engine, batchId);
  expect((await transactionsOf(kit, batchId)).map(({ nonce }) => nonce)).toEqual([2n, 3n]);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await fillersOf(kit, key)).toEqual([]);
  strict.setPolicy(() => 'TAKE');
  await kit.requirePaidOnce(lines);
});

// The same jam with every nonce in between signed and none of them accepted: recovery took "signed" for "under way", left
// the first one alone, and the gap to the chain grew with each new one.
test('openzeppelin-relayer #843: many signed and none accepted, the first goes out first, and all follow', async () => {
  const key = await freshKey(kit);
  const engine = kit.engine({ rpcUrl: strict.rpcUrl, relayerKeys: [key] });
  strict.setPolicy(() => ({ refuse: 'upstream is not available' }));
  const batches = [await approvedBatch(kit), await approvedBatch(kit), await approvedBatch(kit)];
  for (const { batchId } of batches) await advanceBatch(engine, batchId);
  for (const { batchId } of batches) {
    expect(await kindsOf(kit, batchId)).toEqual(['OPEN SIGNED', 'CHUNK SIGNED']);
  }
  // The node is back, and keeps nothing for later. One round sends all, in order, though they arrive in disorder.
  strict.setPolicy(onlyTheNext);
  await letTimePass(kit);
  await recover(engine, { patient: false });
  await kit.mine(FINAL_DEPTH);
  for (const { batchId, lines } of batches) {
    expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
    expect(await transactionsOf(kit, batchId)).toHaveLength(2);
    await kit.requirePaidOnce(lines);
  }
  expect(await fillersOf(kit, key)).toEqual([]);
  strict.setPolicy(() => 'TAKE');
});

// Fees rose above the cap; what was sent could not be raised further, pools evicted it, and nobody sent it again as it was:
// the relayer stood still for ever, though fees had long come down.
test('openzeppelin-relayer #808: a spike above the cap and a purge later, the same bytes go out again', async () => {
  const key = await freshKey(kit);
  const engine = withPolicy(kit.engine({ relayerKeys: [key] }), {
    maxFeePerGas: 10_000_000_000n,
    onCap: 'WAIT',
  });
  const { batchId, lines } = await approvedBatch(kit);
  await advanceBatch(engine, batchId);
  const signed = await transactionsOf(kit, batchId);
  await purgePool(kit);
  await raiseBaseFee(kit, '40');
  await recover(engine, { patient: false });
  await kit.mine();
  expect(await kindsOf(kit, batchId)).not.toContain('CHUNK INCLUDED');
  await purgePool(kit);
  await raiseBaseFee(kit, '1');
  await untilCompleted(kit, engine, batchId);
  expect((await transactionsOf(kit, batchId))[0]).toMatchObject({ nonce: signed[0]?.nonce });
  await kit.requirePaidOnce(lines);
});

// A nonce manager in memory took a nonce before each send and kept it when the send failed on the network: the next
// transaction had one too many, and waited for a nonce that nobody would ever use.
test('viem #4364: every other send fails on the network, and no nonce is left out', async () => {
  const key = await freshKey(kit);
  const engine = kit.engine({ rpcUrl: proxy.rpcUrl, relayerKeys: [key] });
  const batches = [await approvedBatch(kit), await approvedBatch(kit), await approvedBatch(kit)];
  for (const [index, { batchId }] of batches.entries()) {
    if (index % 2 === 0) proxy.force(SEND, { kind: 'DROP_BEFORE' }, 2);
    await advanceBatch(engine, batchId);
  }
  const nonces = await Promise.all(
    batches.map(async ({ batchId }) => (await transactionsOf(kit, batchId)).map(({ nonce }) => nonce)),
  );
  expect(nonces).toEqual([
    [0n, 1n],
    [2n, 3n],
    [4n, 5n],
  ]);
  await kit.mine();
  expect((await kindsOf(kit, batches[1]?.batchId ?? ''))[0]).toBe('OPEN BROADCAST');
  // Another process, which has nothing of the first one's memory.
  await recover(kit.engine({ relayerKeys: [key] }), { patient: false });
  await kit.mine(FINAL_DEPTH);
  for (const { batchId, lines } of batches) {
    expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
    expect(await transactionsOf(kit, batchId)).toHaveLength(2);
    await kit.requirePaidOnce(lines);
  }
  expect(await fillersOf(kit, key)).toEqual([]);
});
