import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NodeProxy, startNodeProxy } from '../kit/nodeProxy.ts';
import { disturb } from './nodesKit.ts';
import { approvedBatch, signedKinds, transactionsOf } from './payoutsBatches.ts';
import { eventually } from './payoutsEventually.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { startHoldingNode } from './payoutsNode.ts';

// A worker process reaches its node through a way that the test disturbs, and is killed at the worst moments:
// at moments that nobody chose, the simulation does.

const SEND = 'eth_sendRawTransaction';
const LINES = 410;
/** Few enough chunks to go out with the open. */
const KINDS = ['OPEN', 'CHUNK', 'CHUNK', 'CHUNK'];

let kit: PayoutsKit;
let node: NodeProxy;
beforeAll(async () => {
  kit = await startPayoutsKit({ blockTimeSeconds: 1 });
  node = await startNodeProxy(kit.chain.rpcUrl, { process: 'worker', node: 'first' });
});
afterAll(async () => {
  await kit?.stop();
  await node?.stop();
});

/** Lets a worker work until it sends something, and kills it then; what it sent never arrives. */
async function killWhileSending() {
  const holding = await startHoldingNode(kit.chain.rpcUrl);
  const held = holding.hold(SEND);
  const worker = await kit.startProcess('worker', { rpcUrl: holding.rpcUrl });
  await held;
  await worker.kill();
  await holding.stop();
}

async function untilCompleted(batchId: string) {
  await eventually(async () => {
    expect((await kit.batch(batchId)).status).toBe('COMPLETED');
  });
}

test('killed after the commit and before the first byte is sent: the same bytes are sent later, once paid', async () => {
  // Its account is open by now: the worker has nothing else to send.
  const { batchId, lines } = await approvedBatch(kit, LINES);
  await killWhileSending();
  const before = await transactionsOf(kit, batchId);
  expect(before).toMatchObject(KINDS.map((kind) => ({ kind, status: 'SIGNED', broadcastCount: 0 })));

  const next = await kit.startProcess('worker');
  await untilCompleted(batchId);
  await next.kill();
  const after = await transactionsOf(kit, batchId);
  expect(after).toMatchObject(
    before.map(({ hash, rawTransaction }) => ({ hash, rawTransaction, status: 'FINAL' })),
  );
  await kit.requirePaidOnce(lines);
});

test('killed while chunks are being sent: none is signed a second time', async () => {
  const { batchId, lines } = await approvedBatch(kit, LINES);
  // The open alone; blocks come by the clock.
  await kit.openBatch(batchId).catch(() => undefined);
  await eventually(async () => expect((await kit.batch(batchId)).status).toBe('EXECUTING'));
  await killWhileSending();
  const signed = await transactionsOf(kit, batchId);
  expect(signed.map(({ kind }) => kind)).toEqual(KINDS);

  const next = await kit.startProcess('worker');
  await untilCompleted(batchId);
  await next.kill();
  expect((await transactionsOf(kit, batchId)).map(({ hash }) => hash)).toEqual(
    signed.map(({ hash }) => hash),
  );
  await kit.requirePaidOnce(lines);
});

test('the node takes everything and no answer comes back: nothing is signed twice, nothing is failed', async () => {
  disturb(node, { kind: 'DROP_AFTER' }, [SEND]);
  const worker = await kit.startProcess('worker', { rpcUrl: node.rpcUrl });
  const { batchId, lines } = await approvedBatch(kit, LINES);
  await untilCompleted(batchId);
  await worker.kill();
  disturb(node, null);
  expect(await signedKinds(kit, batchId)).toEqual(KINDS);
  await kit.requirePaidOnce(lines);
});

test('the node refuses connections for a while: work goes on when it is back', async () => {
  await node.refuse();
  const worker = await kit.startProcess('worker', { rpcUrl: node.rpcUrl });
  const { batchId, lines } = await approvedBatch(kit, LINES);
  await eventually(async () => {
    const { rows } = await sql<{ attempts: number }>`select attempts from graphile_worker.jobs`.execute(
      kit.database,
    );
    const attempts = Math.max(...rows.map((row) => row.attempts));
    expect(attempts).toBeGreaterThan(0);
  });
  expect(await transactionsOf(kit, batchId)).toEqual([]);
  await node.accept();
  await untilCompleted(batchId);
  await worker.stop();
  await kit.requirePaidOnce(lines);
});
