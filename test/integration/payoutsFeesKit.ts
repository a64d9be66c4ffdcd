import { type Hex, parseGwei } from 'viem';
import { DEFAULT_FEE_POLICY, type FeePolicy } from '../../payouts/fees/feePolicy.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { recover } from '../../payouts/recover.ts';
import type { PayoutsKit } from './payoutsKit.ts';
import { payees, totalOf } from './payoutsSeed.ts';

let first = 0;
export async function approvedBatch(kit: PayoutsKit, count = 3) {
  first += 10_000;
  const lines = payees(count, first);
  const account = await kit.openAccount(totalOf(lines));
  return { lines, account, batchId: await kit.submitBatch(account, lines) };
}

/** The engine's own transactions of a batch, in the order in which they were signed. */
export function transactionsOf(kit: PayoutsKit, batchId: string, kind: 'OPEN' | 'CHUNK' = 'OPEN') {
  return kit.database
    .selectFrom('chainTransaction')
    .select(['id', 'hash', 'status', 'broadcastCount', 'nonce', 'replacedById', 'feeUnits'])
    .select(['maxFeePerGas', 'maxPriorityFeePerGas', 'gasLimit', 'signedAtBlock'])
    .where('batchId', '=', batchId)
    .where('kind', '=', kind)
    .where('rawTransaction', 'is not', null)
    .orderBy('id')
    .execute();
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
