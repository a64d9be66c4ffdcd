import { sql } from 'kysely';
import { getAddress } from 'viem';
import { required } from '../../core/errors.ts';
import type { Database } from '../../prisma/database.ts';
import type { StatesWanted } from './readStates.ts';
import { IS_OVERTAKEN } from './replaceStaleApprovals.ts';
import { IS_ADOPTING, IS_TRACKED, type TrackedAccount, type TrackedAsset } from './trackedRows.ts';

export const MAX_ACCOUNTS_READ_AT_ONCE = 100;
export const MAX_BALANCES_READ_AT_ONCE = 200;

/** What this process has read since it began to follow the chain, or could not read: accounts, and `account:asset`. */
export type ReadStates = { readonly accounts: Set<string>; readonly unreadable: Set<string> };

/** What no log of a block told, or tells no more: accounts and balances that were not read. */
export type Unread = StatesWanted & {
  /** Whether a Safe waits to be adopted that this process has not tried to read in vain. */
  readonly hasAdopting: boolean;
  /** Whether the head is past the nonce of a live approval. */
  readonly hasOvertaken: boolean;
};

/** One statement: it is asked after every block, and seldom finds anything. */
export async function findUnread(database: Database, chainId: string, read: ReadStates): Promise<Unread> {
  const unreadable = [...read.unreadable];
  const unreadableAccounts = unreadable.filter((key) => !key.includes(':'));
  const known = [...read.accounts, ...unreadableAccounts];
  const { rows } = await sql<{
    accounts: TrackedAccount[];
    balances: { account: TrackedAccount; asset: TrackedAsset }[];
    hasAdopting: boolean;
    hasOvertaken: boolean;
  }>`
    select
      (select coalesce(jsonb_agg(jsonb_build_object(
          'id', id, 'organizationId', organization_id, 'address', address) order by id), '[]') from (
        select * from account where chain_id = ${chainId} and status <> 'REFUSED' and not id = any(${known}::uuid[])
        order by id limit ${MAX_ACCOUNTS_READ_AT_ONCE}
      ) as account) as accounts,
      (select coalesce(jsonb_agg(jsonb_build_object(
          'account', jsonb_build_object('id', account_id, 'organizationId', organization_id, 'address', account_address),
          'asset', jsonb_build_object('id', asset_id, 'address', asset_address))), '[]') from (
        select account.id as account_id, account.organization_id, account.address as account_address,
          asset.id as asset_id, asset.address as asset_address
        from account
        join asset on asset.chain_id = account.chain_id and asset.address is not null
        left join account_balance balance on balance.account_id = account.id and balance.asset_id = asset.id
        where account.chain_id = ${chainId} and balance.account_id is null and ${IS_TRACKED}
          and not (account.id || ':' || asset.id) = any(${unreadable}::text[])
        order by account.id, asset.id limit ${MAX_BALANCES_READ_AT_ONCE}
      ) as balance) as balances,
      exists (
        select from account
        where chain_id = ${chainId} and ${IS_ADOPTING} and not id = any(${unreadableAccounts}::uuid[])
      ) as has_adopting,
      exists (select from account where chain_id = ${chainId} and ${IS_OVERTAKEN}) as has_overtaken`.execute(
    database,
  );
  const found = required(rows[0], 'What is unread');
  return {
    ...found,
    accounts: found.accounts.map(withAddress),
    balances: found.balances.map(({ account, asset }) => ({
      account: withAddress(account),
      asset: withAddress(asset),
    })),
  };
}

function withAddress<Row extends { address: string }>(row: Row): Row {
  return { ...row, address: getAddress(row.address) };
}
