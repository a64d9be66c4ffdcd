import { type Address, BaseError, RpcRequestError } from 'viem';
import type { TransactionStatus } from '../prisma/generated/database.ts';
import { checkedClientOf, type PayoutEngine } from './payoutEngine.ts';
import type { LaneChain } from './relayer/laneChain.ts';

/** A chain, and the newest block that the indexer holds for final. */
export type SettledChain = LaneChain & { readonly finalNumber: bigint | null };

/** What can no longer change on a chain. */
export type Finality = {
  readonly blockNumber: bigint;
  /** By relayer: the nonce after its last transaction in a final block. */
  readonly nonces: ReadonlyMap<string, bigint>;
};

/**
 * Reads how far the relayers of a chain have come for good. The final block comes from the database: everything up to it
 * is indexed. A node that keeps no state so old leaves a relayer out: nothing is concluded about its nonces then.
 * @throws viem's errors when the node does not answer
 */
export async function readFinality(engine: PayoutEngine, chain: SettledChain): Promise<Finality> {
  if (chain.finalNumber === null) return { blockNumber: -1n, nonces: new Map() };
  const blockNumber = chain.finalNumber;
  const lanes = await engine.log.database
    .selectFrom('relayerLane')
    .select('address')
    .where('chainId', '=', chain.id)
    .execute();
  const client = checkedClientOf(engine, chain.eip155ChainId);
  const nonces = await Promise.all(
    lanes.map(async ({ address }): Promise<[string, bigint]> => {
      try {
        const count = await client.getTransactionCount({ address: address as Address, blockNumber });
        return [address, BigInt(count)];
      } catch (error) {
        const refused = error instanceof BaseError && error.walk((cause) => cause instanceof RpcRequestError);
        if (!refused) throw error;
        engine.logger.warn(
          { chain: `eip155:${chain.eip155ChainId}`, blockNumber: `${blockNumber}` },
          'The node keeps no final state',
        );
        return [address, 0n];
      }
    }),
  );
  return { blockNumber, nonces: new Map(nonces) };
}

/** A stored transaction of ours. */
export type EndedTransaction = {
  readonly status: TransactionStatus;
  readonly blockNumber: bigint | null;
  readonly sender: string | null;
  readonly nonce: bigint | null;
};

/**
 * Whether a transaction can take effect no more, seen from what it was for and what is still to be done. REVERTED,
 * REPLACED: its block, or the one that took its nonce, is final. FINAL: it was included and yet did nothing, as a call of
 * an address does whose code a reorg took away: had it done it, the same database transaction would have said so.
 */
export function isOverForGood(transaction: EndedTransaction, finality: Finality): boolean {
  const { status, blockNumber, sender, nonce } = transaction;
  if (status === 'FINAL') return true;
  if (status === 'REVERTED') return blockNumber !== null && blockNumber <= finality.blockNumber;
  if (status !== 'REPLACED' || sender === null || nonce === null) return false;
  return nonce < (finality.nonces.get(sender) ?? 0n);
}
