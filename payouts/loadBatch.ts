import { type Address, getAddress } from 'viem';
import { batchIdFromUuid } from '../chains/evm/codec/batchIdFromUuid.ts';
import type { ChunkDomain } from '../chains/evm/codec/chunkLeaf.ts';
import type { Queryable } from '../prisma/database.ts';
import { type BatchPlace, loadBatchPlace } from '../transitions/batchTerms.ts';
import type { PayoutBatchRow } from '../transitions/payoutBatchStatus.ts';

/** A batch with what it takes to act on it. */
export type LoadedBatch = {
  readonly batch: PayoutBatchRow;
  readonly place: BatchPlace;
  readonly chain: {
    readonly id: string;
    readonly eip155ChainId: number;
    /** The newest block that the indexer holds for final. */
    readonly finalNumber: bigint | null;
  };
  readonly token: { readonly address: Address; readonly symbol: string; readonly decimals: number };
  readonly safe: Address;
  readonly vault: Address;
  readonly domain: ChunkDomain;
};

/** Reads a batch with its account, chain and asset; null when there is none. */
export async function loadBatch(database: Queryable, batchId: string): Promise<LoadedBatch | null> {
  const row = await database
    .selectFrom('payoutBatch')
    .innerJoin('chain', 'chain.id', 'payoutBatch.chainId')
    .selectAll('payoutBatch')
    .select('chain.finalNumber')
    .where('payoutBatch.id', '=', batchId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { finalNumber, ...batch } = row;
  const place = await loadBatchPlace(database, batch);
  const { chainId, factory, safe, token } = place;
  return {
    batch,
    place,
    chain: { id: batch.chainId, eip155ChainId: chainId, finalNumber },
    token: { address: token, symbol: place.tokenSymbol, decimals: place.tokenDecimals },
    safe,
    vault: getAddress(batch.vaultAddress),
    domain: { chainId, factory, payer: safe, batchId: batchIdFromUuid(batch.id), token },
  };
}
