import { parseGwei } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { PATIENCE_BLOCKS } from '../../payouts/fees/findStuck.ts';
import { approvedBatch } from './payoutsBatches.ts';
import { expectPaid, lookAfter, offersOf, raiseBaseFee, withPolicy } from './payoutsFeesKit.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { type PolicyNode, startPolicyNode } from './payoutsPolicyNode.ts';

// What nodes turn away for other reasons than a dearer transaction in their pools.

const NODE_CAP = parseGwei('40');
const OPEN_GAS = 2_000_000n;
const FEE_CAP = 'tx fee (1.24 ether) exceeds the configured cap (1.00 ether)';

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

const engineThere = () => kit.engine({ rpcUrl: node.rpcUrl });

function capAt(maxFeePerGas: bigint) {
  node.setPolicy((offered) => (offered.maxFeePerGas > maxFeePerGas ? { refuse: FEE_CAP } : 'TAKE'));
}

const REFUSALS = ['txpool is full', 'insufficient funds for gas * price + value', 'who are you?'];
test.each(REFUSALS)('“%s”: the same bytes again and again, and never higher fees', async (refuse) => {
  await raiseBaseFee(kit, '1');
  const { batchId, lines } = await approvedBatch(kit);
  await advanceBatch(engineThere(), batchId);
  await raiseBaseFee(kit, '30');
  node.setPolicy(() => ({ refuse }));
  await lookAfter(engineThere());
  const raised = await offersOf(kit, batchId);
  expect(raised).toMatchObject([{ status: 'REPLACED' }, { status: 'SIGNED' }]);
  for (let round = 0; round < 4; round += 1) await lookAfter(engineThere());
  await kit.mine(Number(PATIENCE_BLOCKS));
  await lookAfter(engineThere());
  expect((await offersOf(kit, batchId)).map(({ hash }) => hash)).toEqual(raised.map(({ hash }) => hash));
  node.setPolicy(() => 'TAKE');
  await expectPaid(kit, engineThere(), { batchId, lines });
});

test('more than the node lets anybody offer: the same nonce offers less, and is included', async () => {
  await raiseBaseFee(kit, '30');
  capAt(NODE_CAP);
  const { batchId, lines } = await approvedBatch(kit);
  await advanceBatch(engineThere(), batchId);
  const [first] = await offersOf(kit, batchId);
  expect(first).toMatchObject({ status: 'SIGNED' });
  await lookAfter(engineThere());
  const [older, newer] = await offersOf(kit, batchId);
  expect(older).toMatchObject({ id: first?.id, status: 'REPLACED', replacedById: newer?.id });
  expect(newer).toMatchObject({ status: 'BROADCAST', nonce: first?.nonce });
  expect(newer?.maxFeePerGas).toBeLessThanOrEqual(NODE_CAP);
  await expectPaid(kit, engineThere(), { batchId, lines });
  node.setPolicy(() => 'TAKE');
});

test('a cap of the nodes that is configured is never offered more than', async () => {
  await raiseBaseFee(kit, '30');
  const maxTransactionFee = NODE_CAP * OPEN_GAS;
  node.setPolicy(({ maxFeePerGas, gas }) =>
    maxFeePerGas * gas > maxTransactionFee ? { refuse: FEE_CAP } : 'TAKE',
  );
  const refusedBefore = node.refused.length;
  const engine = withPolicy(engineThere(), { maxTransactionFee });
  const { batchId, lines } = await approvedBatch(kit);
  await advanceBatch(engine, batchId);
  const [open] = await offersOf(kit, batchId);
  expect(open).toMatchObject({ status: 'BROADCAST', gasLimit: OPEN_GAS, maxFeePerGas: NODE_CAP });
  expect(node.refused.slice(refusedBefore)).toEqual([]);
  node.setPolicy(() => 'TAKE');
  // Nothing may be left in the lane: the next test's accounts would wait behind it.
  await expectPaid(kit, engineThere(), { batchId, lines });
});

test('while the chain asks for more than that, the lane waits; when fees fall, it goes on', async () => {
  await raiseBaseFee(kit, '60');
  capAt(NODE_CAP);
  const { batchId, lines } = await approvedBatch(kit);
  await advanceBatch(engineThere(), batchId);
  for (let round = 0; round < 6; round += 1) await lookAfter(engineThere());
  // Lowered as far as the chain lets it be, and then not again and again.
  const waiting = await offersOf(kit, batchId);
  expect(waiting.length).toBeLessThanOrEqual(2);
  expect(waiting.at(-1)).toMatchObject({ status: 'SIGNED' });
  await raiseBaseFee(kit, '20');
  await lookAfter(engineThere());
  expect((await offersOf(kit, batchId)).at(-1)).toMatchObject({ status: 'BROADCAST' });
  await expectPaid(kit, engineThere(), { batchId, lines });
  node.setPolicy(() => 'TAKE');
});
