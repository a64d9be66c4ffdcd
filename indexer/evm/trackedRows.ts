import { sql } from 'kysely';
import { type Address, getAddress, type Hash } from 'viem';
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

/**
 * Accounts and assets of a chain: whose transfers are read. A Safe that is being adopted is none yet: until it was read
 * it may be anybody's.
 */
export async function listTracked(
  database: Queryable,
  chainId: string,
): Promise<{ accounts: TrackedAccount[]; assets: TrackedAsset[] }> {
  const [accounts, assets] = await Promise.all([
    database
      .selectFrom('account')
      .select(['id', 'organizationId', 'address'])
      .where('chainId', '=', chainId)
      .where(IS_TRACKED)
      .orderBy('id')
      .execute(),
    database
      .selectFrom('asset')
      .select(['id', 'address'])
      .where('chainId', '=', chainId)
      .where('address', 'is not', null)
      .orderBy('id')
      .execute(),
  ]);
  return {
    accounts: accounts.map((account) => ({ ...account, address: getAddress(account.address) })),
    assets: assets.map((asset) => ({ id: asset.id, address: getAddress(asset.address ?? '') })),
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

/** Which of these transactions are ours: signed here, whatever became of them. */
export async function findOwnHashes(
  database: Queryable,
  chainId: string,
  hashes: readonly Hash[],
): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const { rows } = await sql<{ hash: string }>`
    select hash from chain_transaction
    where chain_id = ${chainId} and hash = any(${hashes}::text[]) and raw_transaction is not null`.execute(
    database,
  );
  return new Set(rows.map((row) => row.hash));
}

/** Addresses of the relayer keys that have signed for a chain, checksummed. */
export async function listRelayers(database: Queryable, chainId: string): Promise<Set<string>> {
  const rows = await database
    .selectFrom('relayerLane')
    .select('address')
    .where('chainId', '=', chainId)
    .execute();
  return new Set(rows.map((row) => row.address));
}
