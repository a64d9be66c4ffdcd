import { sql } from 'kysely';
import { type Address, getAddress, type Hex } from 'viem';
import { batchIdFromUuid } from '../chains/evm/codec/batchIdFromUuid.ts';
import type { Manifest } from '../chains/evm/codec/manifest.ts';
import { required } from '../core/errors.ts';
import type { Queryable } from '../prisma/database.ts';
import type { PayoutBatchRow } from './payoutBatchStatus.ts';

/** Where a batch is paid: its account, chain and token. Addresses checksummed. */
export type BatchPlace = {
  readonly safe: Address;
  readonly chainId: number;
  readonly factory: Address;
  readonly implementation: Address;
  readonly token: Address;
  readonly tokenSymbol: string;
  readonly tokenDecimals: number;
};

/** All that a manifest says of a batch but its rows: what its owners sign for. */
export type BatchTerms = Omit<Manifest, 'chunks'>;

/** The places of batches, in their order: one statement. @throws InvariantError where a batch is missing one */
export async function loadBatchPlaces(
  database: Queryable,
  batches: readonly Pick<PayoutBatchRow, 'id'>[],
): Promise<BatchPlace[]> {
  if (batches.length === 0) return [];
  const rows = await database
    .selectFrom('payoutBatch')
    .innerJoin('account', 'account.id', 'payoutBatch.accountId')
    .innerJoin('chain', 'chain.id', 'payoutBatch.chainId')
    .innerJoin('asset', 'asset.id', 'payoutBatch.assetId')
    .select([
      'payoutBatch.id as batchId',
      'account.address as safe',
      'chain.eip155ChainId',
      'chain.factoryAddress',
      'chain.vaultImplementation',
      'asset.address as token',
      'asset.symbol',
      'asset.decimals',
    ])
    .where('payoutBatch.id', '=', sql<string>`any(${batches.map(({ id }) => id)}::uuid[])`)
    .execute();
  const places = new Map(
    rows.map((row) => [
      row.batchId,
      {
        safe: getAddress(row.safe),
        chainId: Number(required(row.eip155ChainId, 'The chain’s EIP-155 id')),
        factory: getAddress(required(row.factoryAddress, 'The chain’s vault factory')),
        implementation: getAddress(required(row.vaultImplementation, 'The chain’s vault implementation')),
        token: getAddress(required(row.token, 'The token’s address')),
        tokenSymbol: row.symbol,
        tokenDecimals: row.decimals,
      },
    ]),
  );
  return batches.map(({ id }) => required(places.get(id), 'The batch’s place'));
}

/** The place of one batch. */
export async function loadBatchPlace(
  database: Queryable,
  batch: Pick<PayoutBatchRow, 'id'>,
): Promise<BatchPlace> {
  const [place] = await loadBatchPlaces(database, [batch]);
  return required(place, 'The batch’s place');
}

/** The terms of a submitted batch: its openBy and closeAfter are set. @throws InvariantError where they are not */
export function batchTerms(batch: PayoutBatchRow, place: BatchPlace): BatchTerms {
  const { safe, ...rest } = place;
  return {
    ...rest,
    payer: safe,
    batchId: batchIdFromUuid(batch.id),
    total: batch.totalUnits,
    root: batch.merkleRoot as Hex,
    gasPerPayout: batch.gasPerPayout,
    chunkCount: batch.chunkCount,
    openBy: unixSeconds(required(batch.openBy, 'openBy')),
    closeAfter: unixSeconds(required(batch.closeAfter, 'closeAfter')),
  };
}

/** A time as the EVM has it: whole seconds since 1970. */
export function unixSeconds(time: Date): bigint {
  return BigInt(Math.floor(time.getTime() / 1000));
}
