import { sql } from 'kysely';
import { getAddress, type Hash } from 'viem';
import { isUnproven } from '../../core/safeFaults.ts';
import { type EventLog, unitOfWork } from '../../events/unitOfWork.ts';
import type { Database, DatabaseTransaction } from '../../prisma/database.ts';
import { advanceWaiting } from '../advanceWaiting.ts';
import { isAdopting, lockAccounts } from '../lockAccounts.ts';
import { writeAccounts } from '../writeAccounts.ts';
import { writeBalances } from '../writeTransfers.ts';
import type { EvmReader } from './readBlockFacts.ts';
import { readStates, type StatesWanted } from './readStates.ts';
import { IS_ADOPTING, IS_TRACKED, type TrackedAccount, type TrackedAsset } from './trackedRows.ts';

const MAX_ACCOUNTS_READ_AT_ONCE = 100;
const MAX_BALANCES_READ_AT_ONCE = 200;

/** What this process has read since it began to follow the chain, or could not read: accounts, and `account:asset`. */
export type ReadStates = { readonly accounts: Set<string>; readonly unreadable: Set<string> };

/**
 * Reads at the head what no log of a block told: accounts and balances that are new here, that changed while this process
 * did not look, or whose blocks were too old to be asked about.
 * @returns what the node would not say, and whether there is more than one go may read
 */
export async function refreshStates(
  reader: EvmReader,
  log: EventLog,
  head: { number: bigint; hash: Hash },
  read: ReadStates,
): Promise<{ unknown: string[]; more: boolean }> {
  const wanted: StatesWanted = {
    accounts: await listUnreadAccounts(reader.database, reader.chain.id, read),
    balances: await listMissingBalances(reader.database, reader.chain.id, read.unreadable),
  };
  if (wanted.accounts.length === 0 && wanted.balances.length === 0) return { unknown: [], more: false };
  const states = await readStates(reader.client, head.hash, wanted);
  const { value: adopted } = await unitOfWork(log, async (work) => {
    if (!(await isStillHead(work.database, reader.chain.id, head.hash))) return null;
    const accounts = await lockAccounts(
      work.database,
      new Set(states.inspections.map((fact) => fact.accountId)),
    );
    await writeAccounts(work, states, accounts, head.number);
    await writeBalances(work.database, states.balances, head.number);
    await advanceWaiting(
      work,
      [...states.inspections, ...states.balances].map((fact) => fact.accountId),
    );
    const undecided = new Set(
      states.inspections
        .filter(({ faults }) => faults.length > 0 && faults.every(isUnproven))
        .map((fact) => fact.accountId),
    );
    return new Set(
      accounts.filter((each) => isAdopting(each) && !undecided.has(each.id)).map(({ id }) => id),
    );
  });
  if (adopted === null) return { unknown: [], more: true };
  const unknown = [
    // What is adopted or refused by now was read well enough.
    ...states.unknownAccountIds.filter((id) => !adopted.has(id)),
    ...states.unknownBalances.map((key) => `${key.accountId}:${key.assetId}`),
  ];
  for (const { id } of wanted.accounts) read.accounts.add(id);
  for (const id of states.unknownAccountIds) read.accounts.delete(id);
  for (const key of unknown) read.unreadable.add(key);
  // What was adopted just now has balances to be read.
  const more =
    adopted.size > 0 ||
    wanted.accounts.length === MAX_ACCOUNTS_READ_AT_ONCE ||
    wanted.balances.length === MAX_BALANCES_READ_AT_ONCE;
  return { unknown, more };
}

/** Whether a Safe waits to be adopted that this process has not tried to read in vain. */
export async function hasAdopting(database: Database, chainId: string, read: ReadStates): Promise<boolean> {
  const rows = await database
    .selectFrom('account')
    .select('id')
    .where('chainId', '=', chainId)
    .where(IS_ADOPTING)
    .execute();
  return rows.some(({ id }) => !read.unreadable.has(id));
}

async function listUnreadAccounts(
  database: Database,
  chainId: string,
  read: ReadStates,
): Promise<TrackedAccount[]> {
  const known = [...read.accounts, ...[...read.unreadable].filter((key) => !key.includes(':'))];
  const rows = await database
    .selectFrom('account')
    .select(['id', 'organizationId', 'address'])
    .where('chainId', '=', chainId)
    .where('status', '<>', 'REFUSED')
    .where((eb) => eb.not(eb('id', '=', sql<string>`any(${known}::uuid[])`)))
    .orderBy('id')
    .limit(MAX_ACCOUNTS_READ_AT_ONCE)
    .execute();
  return rows.map((row) => ({ ...row, address: getAddress(row.address) }));
}

async function listMissingBalances(
  database: Database,
  chainId: string,
  unreadable: ReadonlySet<string>,
): Promise<{ account: TrackedAccount; asset: TrackedAsset }[]> {
  const { rows } = await sql<{
    accountId: string;
    organizationId: string;
    accountAddress: string;
    assetId: string;
    assetAddress: string;
  }>`
    select account.id as account_id, account.organization_id, account.address as account_address,
      asset.id as asset_id, asset.address as asset_address
    from account
    join asset on asset.chain_id = account.chain_id and asset.address is not null
    left join account_balance balance on balance.account_id = account.id and balance.asset_id = asset.id
    where account.chain_id = ${chainId} and balance.account_id is null and ${IS_TRACKED}
      and not (account.id || ':' || asset.id) = any(${[...unreadable]}::text[])
    order by account.id, asset.id limit ${MAX_BALANCES_READ_AT_ONCE}`.execute(database);
  return rows.map((row) => ({
    account: {
      id: row.accountId,
      organizationId: row.organizationId,
      address: getAddress(row.accountAddress),
    },
    asset: { id: row.assetId, address: getAddress(row.assetAddress) },
  }));
}

/** Keeps blocks from being written until the transaction ends: what was read is true of this head alone. */
async function isStillHead(database: DatabaseTransaction, chainId: string, hash: string): Promise<boolean> {
  const chain = await database
    .selectFrom('chain')
    .select('id')
    .where('id', '=', chainId)
    .where('headHash', '=', hash)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return chain !== undefined;
}
