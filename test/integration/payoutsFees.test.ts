import { parseGwei, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { PATIENCE_BLOCKS } from '../../payouts/fees/findStuck.ts';
import { type NodeProxy, startNodeProxy } from '../kit/nodeProxy.ts';
import { disturb } from './nodesKit.ts';
import { approvedBatch } from './payoutsBatches.ts';
import { isKnown, lookAfter, offersOf, raiseBaseFee } from './payoutsFeesKit.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { startHoldingNode } from './payoutsNode.ts';
import type { Payee } from './payoutsSeed.ts';

// Blocks come when the test says so, at the base fee it says; the engine is called step by step.

const SEND = 'eth_sendRawTransaction';

let kit: PayoutsKit;
/** Answers, and takes no transaction. */
let mute: NodeProxy;
beforeAll(async () => {
  kit = await startPayoutsKit();
  mute = await startNodeProxy(kit.chain.rpcUrl, { process: 'worker', node: 'mute' });
  disturb(mute, { kind: 'DROP_BEFORE' }, [SEND]);
});
afterAll(async () => {
  await kit?.stop();
  await mute?.stop();
});

async function expectPaid(batchId: string, lines: readonly Payee[]) {
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', blockerCode: null });
  await kit.requirePaidOnce(lines);
}

/** An open that is in the node's pool and offers less than the next blocks ask for. */
async function stuckOpen() {
  await raiseBaseFee(kit, '1');
  const made = await approvedBatch(kit);
  await advanceBatch(kit.engine(), made.batchId);
  await raiseBaseFee(kit, '30');
  const [open] = await offersOf(kit, made.batchId);
  expect(open).toMatchObject({ status: 'BROADCAST' });
  expect(open?.maxFeePerGas).toBeLessThan(parseGwei('25'));
  return { ...made, open: required(open, 'The open') };
}

test('the base fee rises: the same nonce offers more, by the rule of pools, and is included', async () => {
  const { batchId, lines, open } = await stuckOpen();
  await lookAfter(kit.engine());
  const [older, newer] = await offersOf(kit, batchId);
  expect(older).toMatchObject({ id: open.id, status: 'REPLACED', replacedById: newer?.id });
  expect(newer).toMatchObject({ status: 'BROADCAST', nonce: open.nonce, gasLimit: open.gasLimit });
  expect(newer?.maxFeePerGas).toBeGreaterThan(parseGwei('30'));
  expect(newer?.maxPriorityFeePerGas).toBeGreaterThan(older?.maxPriorityFeePerGas ?? 0n);
  expect(await isKnown(kit, open.hash)).toBe(false);
  await kit.mine();
  expect(await offersOf(kit, batchId)).toMatchObject([{ status: 'REPLACED' }, { status: 'INCLUDED' }]);
  await expectPaid(batchId, lines);
});

test('chunks follow the newest of their transactions, and who watches is told', async () => {
  await raiseBaseFee(kit, '1');
  const { batchId, lines } = await approvedBatch(kit);
  await advanceBatch(kit.engine(), batchId);
  await raiseBaseFee(kit, '30');
  const [{ number: before }] = await numbersOf(batchId);
  await lookAfter(kit.engine());
  const [, newer] = await offersOf(kit, batchId, 'CHUNK');
  const chunk = await kit.database
    .selectFrom('payoutChunk')
    .select(['status', 'transactionId'])
    .where('batchId', '=', batchId)
    .executeTakeFirstOrThrow();
  expect(chunk).toEqual({ status: 'SUBMITTED', transactionId: newer?.id });
  const [told] = await numbersOf(batchId);
  expect(told.number).toBeGreaterThan(before);
  expect(JSON.stringify(told.payload)).toContain(newer?.id);
  await kit.mine();
  await expectPaid(batchId, lines);
});

async function numbersOf(batchId: string) {
  const events = await kit.database
    .selectFrom('event')
    .select(['number', 'payload'])
    .where('subjectId', '=', batchId)
    .where('type', '=', 'PAYOUTS_CHANGED')
    .orderBy('number', 'desc')
    .limit(1)
    .execute();
  return [required(events[0], 'An event')] as const;
}

test('two workers at once replace it once', async () => {
  const { batchId, lines } = await stuckOpen();
  await Promise.all([lookAfter(kit.engine()), lookAfter(kit.engine()), lookAfter(kit.engine())]);
  expect(await offersOf(kit, batchId)).toHaveLength(2);
  await kit.mine();
  await expectPaid(batchId, lines);
});

/** A node that still has a transaction tells of it when blocks ask for less again. */
async function includeOlder(hash: string) {
  const { rawTransaction } = await kit.database
    .selectFrom('chainTransaction')
    .select('rawTransaction')
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow();
  await kit.chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('1') });
  await kit.chain.client.sendRawTransaction({
    serializedTransaction: toHex(required(rawTransaction, 'The bytes')),
  });
  await kit.mine();
}

test('the older one is included after all: nothing is paid twice', async () => {
  const { batchId, lines, open } = await stuckOpen();
  await lookAfter(kit.engine({ rpcUrl: mute.rpcUrl }));
  const [older, newer] = await offersOf(kit, batchId);
  expect([older?.status, newer?.status]).toEqual(['REPLACED', 'BROADCAST']);
  await includeOlder(open.hash);
  expect(await offersOf(kit, batchId)).toMatchObject([
    { status: 'INCLUDED', replacedById: null },
    { status: 'REPLACED', replacedById: older?.id },
  ]);
  // What lost its nonce is not sent again.
  await lookAfter(kit.engine());
  await expectPaid(batchId, lines);
});

test('the older one is included, then reorged out: it is sent again, and the newer one is not needed', async () => {
  const { batchId, lines, open } = await stuckOpen();
  await lookAfter(kit.engine({ rpcUrl: mute.rpcUrl }));
  await includeOlder(open.hash);
  await kit.chain.reorg(1);
  await kit.mine();
  await lookAfter(kit.engine());
  await kit.mine();
  await expectPaid(batchId, lines);
  const statuses = (await offersOf(kit, batchId)).map(({ status }) => status).sort();
  expect(statuses).toEqual(['FINAL', 'REPLACED']);
});

test('stored and not sent: another worker sends the newest bytes, and no others', async () => {
  const { batchId, lines, open } = await stuckOpen();
  await lookAfter(kit.engine({ rpcUrl: mute.rpcUrl }));
  expect(await isKnown(kit, open.hash)).toBe(false);
  await lookAfter(kit.engine());
  const [, newer] = await offersOf(kit, batchId);
  expect([await isKnown(kit, open.hash), await isKnown(kit, newer?.hash ?? '')]).toEqual([false, true]);
  await kit.mine();
  await expectPaid(batchId, lines);
});

test('killed between storing and sending: the newest bytes are sent by whoever comes next', async () => {
  const { batchId, lines } = await stuckOpen();
  const holding = await startHoldingNode(kit.chain.rpcUrl);
  void holding.hold(SEND);
  const worker = await kit.startProcess('worker', { rpcUrl: holding.rpcUrl });
  // Nobody else in this file observes fees.
  const observed = kit.database.selectFrom('chainFee').select('observedAt');
  await expect.poll(() => observed.execute()).toHaveLength(1);
  // Stored once the worker has given up waiting for what it sent again first; it waits as long for these.
  await expect.poll(async () => (await offersOf(kit, batchId)).length).toBe(2);
  await worker.kill();
  await holding.stop();
  const [, newer] = await offersOf(kit, batchId);
  expect(newer).toMatchObject({ status: 'SIGNED', broadcastCount: 0 });
  expect(await isKnown(kit, newer?.hash ?? '')).toBe(false);
  await lookAfter(kit.engine());
  expect(await isKnown(kit, newer?.hash ?? '')).toBe(true);
  await kit.mine();
  await expectPaid(batchId, lines);
  expect(await offersOf(kit, batchId)).toMatchObject([{ status: 'REPLACED' }, { status: 'FINAL' }]);
});

test('what waits behind a stuck transaction of another account goes on with it', async () => {
  await raiseBaseFee(kit, '1');
  const [first, second] = [await approvedBatch(kit), await approvedBatch(kit)];
  await advanceBatch(kit.engine(), first.batchId);
  await raiseBaseFee(kit, '30');
  await advanceBatch(kit.engine(), second.batchId);
  await kit.mine();
  expect(await offersOf(kit, second.batchId)).toMatchObject([{ status: 'BROADCAST' }]);
  await lookAfter(kit.engine());
  await kit.mine();
  expect((await offersOf(kit, first.batchId)).map(({ status }) => status)).toEqual(['REPLACED', 'INCLUDED']);
  expect((await offersOf(kit, second.batchId)).map(({ status }) => status)).toEqual(['INCLUDED']);
  await expectPaid(first.batchId, first.lines);
  await expectPaid(second.batchId, second.lines);
});

test('a node that forgot gets the same bytes; blocks that still pass over them, higher fees', async () => {
  await raiseBaseFee(kit, '1');
  const { batchId, lines } = await approvedBatch(kit);
  await advanceBatch(kit.engine(), batchId);
  const [open] = await offersOf(kit, batchId);
  await kit.chain.client.dropTransaction({ hash: open?.hash as `0x${string}` });
  await kit.mine(Number(PATIENCE_BLOCKS));
  const deaf = kit.engine({ rpcUrl: mute.rpcUrl });
  await lookAfter(deaf);
  expect(await offersOf(kit, batchId)).toMatchObject([{ id: open?.id, broadcastCount: 2 }]);
  await lookAfter(deaf);
  expect(await offersOf(kit, batchId)).toMatchObject([{ status: 'REPLACED' }, { nonce: open?.nonce }]);
  // It is young: that it is not included by the next block says nothing yet.
  await lookAfter(deaf);
  await lookAfter(deaf);
  expect(await offersOf(kit, batchId)).toHaveLength(2);
  await lookAfter(kit.engine());
  await kit.mine();
  await expectPaid(batchId, lines);
});

test('“replacement transaction underpriced”: raised from what the pool may hold until it is taken', async () => {
  const { batchId, lines, open } = await stuckOpen();
  // The key in other hands, on the same nonce, and dearer than what the next block asks of us.
  const account = privateKeyToAccount(kit.chain.relayer.privateKey);
  const foreign = await kit.chain.client.sendTransaction({
    ...{ account, to: account.address, chain: null, nonce: Number(open.nonce), gas: 21_000n },
    ...{ maxFeePerGas: parseGwei('120'), maxPriorityFeePerGas: parseGwei('2') },
  });
  await lookAfter(kit.engine());
  expect((await offersOf(kit, batchId)).at(-1)).toMatchObject({ status: 'SIGNED' });
  for (let round = 0; (await offersOf(kit, batchId)).at(-1)?.status !== 'BROADCAST'; round += 1) {
    expect(round).toBeLessThan(12);
    await lookAfter(kit.engine());
  }
  const signed = await offersOf(kit, batchId);
  expect(signed.length).toBeGreaterThan(2);
  expect(await isKnown(kit, foreign)).toBe(false);
  await kit.mine();
  expect((await offersOf(kit, batchId)).at(-1)).toMatchObject({ status: 'INCLUDED' });
  await expectPaid(batchId, lines);
});
