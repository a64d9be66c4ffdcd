import { type Hex, parseGwei } from 'viem';
import { DEFAULT_FEE_POLICY, type FeePolicy } from '../../payouts/fees/feePolicy.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { recover } from '../../payouts/recover.ts';
import { transactionsOf } from './payoutsBatches.ts';
import type { PayoutsKit } from './payoutsKit.ts';

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
