import { sql } from 'kysely';
import { type Address, getAddress, type Hash } from 'viem';
import { required } from '../../core/errors.ts';
import type { Queryable } from '../../prisma/database.ts';

/** An account of the chain. `address` checksummed. */
export type TrackedAccount = {
  readonly id: string;
  readonly organizationId: string;
  readonly address: Address;
};

/** Of a row of `account`: what it moves is indexed. */
export const IS_TRACKED = sql<boolean>`(account.status <> 'REFUSED'
  and (account.status <> 'OPENING' or account.salt_nonce is not null))`;

/** Of a row of `account`: a Safe that is to be adopted and was not read yet; as in the index account_adopting. */
export const IS_ADOPTING = sql<boolean>`(account.salt_nonce is null and account.status = 'OPENING')`;

/** An ERC-20 that is registered for the chain. */
export type TrackedAsset = { readonly id: string; readonly address: Address };

/** A batch whose vault emitted something, and what its vault must have been opened with. */
export type TrackedBatch = {
  readonly id: string;
  readonly organizationId: string;
  readonly accountId: string;
  readonly vaultAddress: Address;
  readonly accountAddress: string;
  readonly tokenAddress: string | null;
  readonly totalUnits: bigint;
  readonly merkleRoot: string;
  readonly chunkCount: number;
  readonly gasPerPayout: number;
  readonly closeAfter: Date | null;
};

/** What a block is looked at for. Addresses checksummed. */
export type Tracked = {
  /** Whose transfers are read. A Safe that is being adopted is none yet: until it was read it may be anybody's. */
  readonly accounts: readonly TrackedAccount[];
  readonly assets: readonly TrackedAsset[];
  /** The relayer keys that have signed for the chain. */
  readonly relayers: ReadonlySet<string>;
  /** Of the block's transactions, those that are ours: signed here, whatever became of them. */
  readonly own: ReadonlySet<string>;
};

/** One statement: blocks are read ahead several at a time. @param hashes of a block's transactions */
export async function readTracked(
  database: Queryable,
  chainId: string,
  hashes: readonly Hash[],
): Promise<Tracked> {
  const { rows } = await sql<{
    accounts: TrackedAccount[];
    assets: TrackedAsset[];
    relayers: string[];
    own: string[];
  }>`
    select
      (select coalesce(jsonb_agg(
          jsonb_build_object('id', id, 'organizationId', organization_id, 'address', address) order by id), '[]')
        from account where chain_id = ${chainId} and ${IS_TRACKED}) as accounts,
      (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'address', address) order by id), '[]')
        from asset where chain_id = ${chainId} and address is not null) as assets,
      (select coalesce(jsonb_agg(address), '[]') from relayer_lane where chain_id = ${chainId}) as relayers,
      (select coalesce(jsonb_agg(hash), '[]') from chain_transaction
        where chain_id = ${chainId} and hash = any(${hashes}::text[]) and raw_transaction is not null) as own`.execute(
    database,
  );
  const { accounts, assets, relayers, own } = required(rows[0], 'What is tracked');
  return {
    accounts: accounts.map((account) => ({ ...account, address: getAddress(account.address) })),
    assets: assets.map((asset) => ({ ...asset, address: getAddress(asset.address) })),
    relayers: new Set(relayers),
    own: new Set(own),
  };
}

/** The batches whose vaults these addresses are. */
export async function findBatchesByVault(
  database: Queryable,
  chainId: string,
  vaults: readonly Address[],
): Promise<TrackedBatch[]> {
  if (vaults.length === 0) return [];
  const { rows } = await sql<Omit<TrackedBatch, 'vaultAddress'> & { vaultAddress: string }>`
    select batch.id, batch.organization_id, batch.account_id, batch.vault_address, account.address as account_address,
      asset.address as token_address, batch.total_units, batch.merkle_root, batch.chunk_count, batch.gas_per_payout,
      batch.close_after
    from payout_batch batch
    join account on account.id = batch.account_id
    join asset on asset.id = batch.asset_id
    where batch.chain_id = ${chainId} and batch.vault_address = any(${vaults}::text[])`.execute(database);
  return rows.map((row) => ({ ...row, vaultAddress: getAddress(row.vaultAddress) }));
}
