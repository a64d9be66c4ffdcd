import { sql } from 'kysely';
import { InvariantError } from '../core/errors.ts';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { TRANSFER_TRANSITIONS } from '../transitions/transferStatus.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';
import type { BalanceFact, BalanceKey, BlockFacts } from './blockFacts.ts';

/** Writes a block's transfers and tells the log. One statement; a block that came back revives what it had written. */
export async function writeTransfers(
  work: UnitOfWork,
  chainId: string,
  { header, transfers }: Pick<BlockFacts, 'header' | 'transfers'>,
): Promise<void> {
  if (transfers.length === 0) return;
  const { rows } = await sql<{ id: string; organizationId: string; accountId: string }>`
    insert into transfer (organization_id, account_id, asset_id, direction, counterparty, units, status, transaction_id,
      block_number, block_hash, log_index, occurred_at)
    select fact.organization_id, fact.account_id, fact.asset_id, fact.direction, fact.counterparty, fact.units,
      'INCLUDED', transaction.id, ${header.number}, ${header.hash}, fact.log_index, ${header.timestamp}
    from unnest(${transfers.map((fact) => fact.organizationId)}::uuid[],
      ${transfers.map((fact) => fact.accountId)}::uuid[], ${transfers.map((fact) => fact.assetId)}::uuid[],
      ${transfers.map((fact) => fact.direction)}::"TransferDirection"[],
      ${transfers.map((fact) => fact.counterparty)}::text[], ${transfers.map((fact) => fact.units)}::numeric[],
      ${transfers.map((fact) => fact.logIndex)}::int[], ${transfers.map((fact) => fact.transactionHash)}::text[])
      as fact (organization_id, account_id, asset_id, direction, counterparty, units, log_index, hash)
    join chain_transaction transaction on transaction.chain_id = ${chainId} and transaction.hash = fact.hash
    on conflict (account_id, block_hash, log_index, direction) do update set status = 'INCLUDED'
      where transfer.status in (${sql.join(sourcesOf(TRANSFER_TRANSITIONS, 'INCLUDED'))})
    returning id, organization_id, account_id`.execute(work.database);
  if (rows.length !== transfers.length) {
    throw new InvariantError('A transfer was written twice', {
      facts: transfers.length,
      written: rows.length,
    });
  }
  for (const { id, organizationId, accountId } of rows) {
    work.record({ organizationId, type: 'TRANSFER_INCLUDED', subjectId: id, payload: { accountId } });
  }
}

/** Writes balances as read at a block. */
export async function writeBalances(
  database: DatabaseTransaction,
  balances: readonly BalanceFact[],
  number: bigint,
): Promise<void> {
  if (balances.length === 0) return;
  await sql`
    insert into account_balance (organization_id, account_id, asset_id, units, as_of_block)
    select organization_id, account_id, asset_id, units, ${number}
    from unnest(${balances.map((fact) => fact.organizationId)}::uuid[],
      ${balances.map((fact) => fact.accountId)}::uuid[], ${balances.map((fact) => fact.assetId)}::uuid[],
      ${balances.map((fact) => fact.units)}::numeric[]) as fact (organization_id, account_id, asset_id, units)
    on conflict (account_id, asset_id) do update set units = excluded.units, as_of_block = excluded.as_of_block
  `.execute(database);
}

/** Forgets balances that are no longer true and could not be read: they are read again at the head. */
export async function forgetBalances(
  database: DatabaseTransaction,
  balances: readonly BalanceKey[],
): Promise<void> {
  if (balances.length === 0) return;
  await sql`
    delete from account_balance balance
    using unnest(${balances.map((key) => key.accountId)}::uuid[], ${balances.map((key) => key.assetId)}::uuid[])
      as key (account_id, asset_id)
    where balance.account_id = key.account_id and balance.asset_id = key.asset_id`.execute(database);
}
