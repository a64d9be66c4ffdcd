import { type Hex, parseGwei } from 'viem';
import { expect } from 'vitest';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { DEFAULT_FEE_POLICY, type FeePolicy } from '../../payouts/fees/feePolicy.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { recover } from '../../payouts/recover.ts';
import { type MadeBatch, transactionsOf } from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit } from './payoutsKit.ts';

/** What was signed for a batch's open, or for its chunks, in the order in which it was. */
export async function offersOf(kit: PayoutsKit, batchId: string, kind: 'OPEN' | 'CHUNK' = 'OPEN') {
  return (await transactionsOf(kit, batchId)).filter((transaction) => transaction.kind === kind);
}

/** A block of this base fee is mined; it takes nothing that offers less, and the next asks for about as much. */
export async function raiseBaseFee(kit: PayoutsKit, gwei: string): Promise<void> {
  await kit.chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei(gwei) });
  await kit.mine();
}

/** The same engine under another policy for its chains. */
export function withPolicy(engine: PayoutEngine, policy: Partial<FeePolicy>): PayoutEngine {
  const fees = { ...DEFAULT_FEE_POLICY, ...policy };
  return { ...engine, chains: new Map([...engine.chains].map(([id, chain]) => [id, { ...chain, fees }])) };
}

/** A round of recovery for which nothing has waited too short. */
export function lookAfter(engine: PayoutEngine): Promise<void> {
  return recover(engine, { patient: false });
}

/** Whether the node has a transaction, in its pool or in a block. */
export function isKnown(kit: PayoutsKit, hash: string): Promise<boolean> {
  return kit.chain.client.getTransaction({ hash: hash as Hex }).then(
    () => true,
    () => false,
  );
}

/** What workers do all the time, until a batch is final: everybody is paid. */
export async function expectPaid(
  kit: PayoutsKit,
  engine: PayoutEngine,
  { batchId, lines }: Pick<MadeBatch, 'batchId' | 'lines'>,
): Promise<void> {
  for (let step = 0; step < 3; step += 1) {
    await advanceBatch(engine, batchId);
    await lookAfter(engine);
    await kit.mine();
  }
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', blockerCode: null });
  await kit.requirePaidOnce(lines);
}
