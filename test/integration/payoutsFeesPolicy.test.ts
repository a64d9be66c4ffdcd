import { pino } from 'pino';
import { Registry } from 'prom-client';
import { parseGwei } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMarketFees } from '../../chains/evm/client/readFees.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { createEngineMetrics } from '../../payouts/engineMetrics.ts';
import type { FeePolicy } from '../../payouts/fees/feePolicy.ts';
import { observeFees } from '../../payouts/fees/observeFees.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { approvedBatch } from './payoutsBatches.ts';
import { expectPaid, lookAfter, offersOf, raiseBaseFee, withPolicy } from './payoutsFeesKit.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';

// What happens at the cap, under each policy; blocks come when the test says so, at the base fee it says.

const CAP: Partial<FeePolicy> = { maxFeePerGas: parseGwei('20'), maxPriorityFeePerGas: parseGwei('2') };

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

/** An engine under a policy, with what it told operators. */
function engineUnder(policy: Partial<FeePolicy>) {
  const errors: string[] = [];
  const registry = new Registry();
  const engine = withPolicy(kit.engine(), { ...CAP, ...policy });
  const told: PayoutEngine = {
    ...engine,
    logger: pino({ level: 'error' }, { write: (line) => void errors.push(line) }),
    metrics: createEngineMetrics(registry),
  };
  const isCapReached = async () => {
    const { values } = await required(registry.getSingleMetric('payout_fee_cap_reached'), 'The gauge').get();
    return values[0]?.value === 1;
  };
  return { engine: told, errors, isCapReached };
}

/** One batch whose open is stuck in the pool, and one that nothing was signed for, above the cap. */
async function atTheCap(engine: PayoutEngine) {
  await raiseBaseFee(kit, '1');
  const stuck = await approvedBatch(kit);
  const held = await approvedBatch(kit);
  await advanceBatch(engine, stuck.batchId);
  await raiseBaseFee(kit, '30');
  await lookAfter(engine);
  expect(await offersOf(kit, stuck.batchId)).toHaveLength(1);
  await advanceBatch(engine, held.batchId);
  expect(await kit.batch(held.batchId)).toMatchObject({ status: 'APPROVED', blockerCode: 'FEES_TOO_HIGH' });
  expect(await offersOf(kit, held.batchId)).toEqual([]);
  await observeFees(engine);
  return { stuck, held };
}

test('WAIT: work is held in silence, and goes on when fees fall', async () => {
  const { engine, errors, isCapReached } = engineUnder({ onCap: 'WAIT' });
  const { stuck, held } = await atTheCap(engine);
  expect([errors, await isCapReached()]).toEqual([[], false]);
  // Below the cap, and more than the one in the pool offers.
  await raiseBaseFee(kit, '12');
  await observeFees(engine);
  await expectPaid(kit, engine, stuck);
  expect(await offersOf(kit, stuck.batchId)).toMatchObject([{ status: 'REPLACED' }, { status: 'FINAL' }]);
  await expectPaid(kit, engine, held);
});

test('ALERT: the same, and operators are told once, until it is over', async () => {
  const { engine, errors, isCapReached } = engineUnder({ onCap: 'ALERT' });
  const { stuck, held } = await atTheCap(engine);
  await observeFees(engine);
  expect([errors.length, await isCapReached()]).toEqual([1, true]);
  await raiseBaseFee(kit, '1');
  await observeFees(engine);
  expect([errors.length, await isCapReached()]).toEqual([1, false]);
  await expectPaid(kit, engine, stuck);
  await expectPaid(kit, engine, held);
});

test('ESCALATE: after so long at the cap the higher cap is offered, and no more than that', async () => {
  const escalation = { escalateAfterSeconds: 600, escalatedMaxFeePerGas: parseGwei('50') };
  const { engine, errors, isCapReached } = engineUnder({ onCap: 'ESCALATE', ...escalation });
  const { stuck, held } = await atTheCap(engine);
  expect([errors.length, await isCapReached()]).toEqual([1, true]);
  await reachedSecondsAgo(300);
  await lookAfter(engine);
  expect(await offersOf(kit, stuck.batchId)).toHaveLength(1);
  await reachedSecondsAgo(900);
  await observeFees(engine);
  expect(await isCapReached()).toBe(false);
  await lookAfter(engine);
  const [, raised] = await offersOf(kit, stuck.batchId);
  expect(raised?.maxFeePerGas).toBeGreaterThan(parseGwei('20'));
  expect(raised?.maxFeePerGas).toBeLessThanOrEqual(parseGwei('50'));
  await raiseBaseFee(kit, '70');
  await advanceBatch(engine, held.batchId);
  expect((await kit.batch(held.batchId)).blockerCode).toBe('FEES_TOO_HIGH');
  await raiseBaseFee(kit, '1');
  await observeFees(engine);
  await expectPaid(kit, engine, stuck);
  await expectPaid(kit, engine, held);
});

async function reachedSecondsAgo(seconds: number) {
  await kit.database
    .updateTable('chainFee')
    .set({ capReachedAt: new Date(Date.now() - seconds * 1000) })
    .execute();
}

test('a node that says absurd tips is believed up to the policy’s bound', async () => {
  await raiseBaseFee(kit, '1');
  const { batchId, lines } = await approvedBatch(kit);
  const stranger = required(kit.chain.strangers[4], 'A stranger');
  // Blocks did take such tips: the history says so.
  for (let block = 0; block < 10; block += 1) {
    await kit.chain.client.sendTransaction({
      ...{ account: privateKeyToAccount(stranger.privateKey), to: stranger.address, chain: null },
      ...{ gas: 21_000n, maxFeePerGas: parseGwei('9000'), maxPriorityFeePerGas: parseGwei('9000') },
    });
    await kit.mine();
  }
  const { engine } = engineUnder({});
  const [chain] = engine.chains.values();
  const market = await readMarketFees(required(chain, 'The chain'));
  expect(market.priorityFeePerGas).toBeGreaterThan(parseGwei('8000'));
  await advanceBatch(engine, batchId);
  const [open] = await offersOf(kit, batchId);
  expect(open?.maxPriorityFeePerGas).toBeLessThanOrEqual(parseGwei('2'));
  expect(open?.maxFeePerGas).toBeLessThanOrEqual(parseGwei('20'));
  await expectPaid(kit, engine, { batchId, lines });
});
