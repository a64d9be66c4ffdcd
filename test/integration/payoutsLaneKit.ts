import { type Hex, parseEther, parseGwei } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { recover } from '../../payouts/recover.ts';
import { startNodeProxy } from '../kit/nodeProxy.ts';
import { kindsOf, transactionsOf } from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit } from './payoutsKit.ts';
import { startPolicyNode } from './payoutsPolicyNode.ts';

// A lane begins with a key that nobody has used: each test has its own.

/** A key with money for gas. */
export async function freshKey(kit: PayoutsKit, ether = '100'): Promise<Hex> {
  const key = generatePrivateKey();
  await fund(kit, key, ether);
  return key;
}

export async function fund(kit: PayoutsKit, key: Hex, ether: string): Promise<void> {
  await kit.chain.client.setBalance({
    address: privateKeyToAccount(key).address,
    value: parseEther(ether),
  });
}

export async function storedBytesOf(kit: PayoutsKit, batchId: string) {
  const rows = await transactionsOf(kit, batchId);
  return rows.map(({ id, rawTransaction }) => ({ id, rawTransaction: rawTransaction as Buffer }));
}

/** Transfers of nothing that filled gaps, of a key. */
export async function fillersOf(kit: PayoutsKit, key: Hex): Promise<string[]> {
  const rows = await kit.database
    .selectFrom('chainTransaction')
    .select('status')
    .where('sender', '=', privateKeyToAccount(key).address)
    .where('kind', '=', 'CANCEL')
    .execute();
  return rows.map(({ status }) => status);
}

export function laneOf(kit: PayoutsKit, key: Hex) {
  return kit.database
    .selectFrom('relayerLane')
    .selectAll()
    .where('address', '=', privateKeyToAccount(key).address)
    .executeTakeFirstOrThrow();
}

/** A relayer's key in other hands: it sends something of no account. */
export async function useElsewhere(
  kit: PayoutsKit,
  key: Hex,
  options: { nonce?: number; outbids?: boolean } = {},
): Promise<Hex> {
  const account = privateKeyToAccount(key);
  return kit.chain.client.sendTransaction({
    account,
    to: account.address,
    chain: null,
    ...(options.nonce === undefined ? {} : { nonce: options.nonce }),
    ...(options.outbids ? { maxFeePerGas: parseGwei('100'), maxPriorityFeePerGas: parseGwei('50') } : {}),
  });
}

type PurgeMethod = { Method: 'anvil_dropAllTransactions'; Parameters: []; ReturnType: null };

/** The node forgets all that waits for a block. */
export async function purgePool(kit: PayoutsKit): Promise<void> {
  await kit.chain.client.request<PurgeMethod>({ method: 'anvil_dropAllTransactions', params: [] });
}

/** All that is stored becomes so much older: what waits for time has it. */
export async function letTimePass(kit: PayoutsKit): Promise<void> {
  const past = new Date(Date.now() - 60_000);
  await kit.database.updateTable('chainTransaction').set({ createdAt: past }).execute();
}

/** What workers do all the time, until a batch is paid: nothing else is done, by nobody. */
const MAX_ROUNDS = 8;
export async function untilCompleted(kit: PayoutsKit, engine: PayoutEngine, batchId: string): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    await letTimePass(kit);
    await recover(engine, { patient: false });
    await advanceBatch(engine, batchId);
    await kit.mine(FINAL_DEPTH);
    if ((await kit.batch(batchId)).status === 'COMPLETED') return;
  }
  const kinds = (await kindsOf(kit, batchId)).join(', ');
  throw new Error(`After ${MAX_ROUNDS} rounds the batch is not paid: ${kinds}.`);
}

/** Ways to the kit's node for one lane: one that can be disturbed, and one with rules of its own. */
export async function startLaneNodes(kit: PayoutsKit) {
  const proxy = await startNodeProxy(kit.chain.rpcUrl, { process: 'worker', node: 'first' });
  const strict = await startPolicyNode(kit.chain.rpcUrl);
  return { proxy, strict, stop: () => Promise.all([proxy.stop(), strict.stop()]) };
}
