import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createEvmClient } from '../../chains/evm/client/evmClient.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import type { NodeLie } from '../kit/nodeLies.ts';
import { type NodeProxy, startNodeProxy } from '../kit/nodeProxy.ts';
import { disturb } from './nodesKit.ts';
import { approvedBatch } from './payoutsBatches.ts';
import { lookAfter, offersOf, raiseBaseFee } from './payoutsFeesKit.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';

// The node that is asked first lies, and two others do not: whatever it says, payouts are signed and looked after.

let kit: PayoutsKit;
let liar: NodeProxy;
beforeAll(async () => {
  kit = await startPayoutsKit();
  liar = await startNodeProxy(kit.chain.rpcUrl, { process: 'worker', node: 'liar' });
});
afterEach(() => liar.setPlan(null));
afterAll(async () => {
  await liar?.stop();
  await kit?.stop();
});

function engineWithLiar(): PayoutEngine {
  const engine = kit.engine();
  const honest = required(engine.chains.get(kit.chain.chainId), 'The chain');
  const client = createEvmClient(liar);
  return { ...engine, chains: new Map([[kit.chain.chainId, { ...honest, client }]]) };
}

test.each<NodeLie>(['BALANCE_CHANGED', 'FEES_RAISED'])(
  'it cannot keep a batch from being signed: %s',
  async (lie) => {
    const { batchId } = await approvedBatch(kit);
    disturb(liar, { kind: 'LIE', lie });
    await advanceBatch(engineWithLiar(), batchId);
    expect(await offersOf(kit, batchId)).toHaveLength(1);
    expect(await kit.batch(batchId)).toMatchObject({ blockerCode: null });
    expect(liar.faultCounts().get('LIE')).toBeGreaterThan(0);
  },
);

test.each<NodeLie>(['NONCE_AHEAD', 'NONCE_BEHIND'])(
  'it cannot keep a fee from being raised: %s',
  async (lie) => {
    await raiseBaseFee(kit, '1');
    const { batchId } = await approvedBatch(kit);
    const engine = engineWithLiar();
    await advanceBatch(engine, batchId);
    await raiseBaseFee(kit, '30');
    disturb(liar, { kind: 'LIE', lie });
    await lookAfter(engine);
    expect(await offersOf(kit, batchId)).toMatchObject([{ status: 'REPLACED' }, { status: 'BROADCAST' }]);
  },
);
