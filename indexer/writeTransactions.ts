import { sql } from 'kysely';
import { InvariantError } from '../core/errors.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import type { TransactionKind, TransactionStatus } from '../prisma/generated/database.ts';
import { CHAIN_TRANSACTION_TRANSITIONS } from '../transitions/chainTransactionStatus.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';
import type { BlockFacts } from './blockFacts.ts';

/** A transaction that the block decided about. */
export type WrittenTransaction = {
  readonly id: string;
  readonly kind: TransactionKind;
  readonly status: TransactionStatus;
  readonly batchId: string | null;
  readonly accountId: string | null;
  readonly organizationId: string | null;
  readonly chunkIndex: number | null;
  readonly hash: string;
};

const WRITTEN = sql.raw(
  ['id', 'kind', 'status', 'batch_id', 'account_id', 'organization_id', 'chunk_index', 'hash']
    .map((column) => `one.${column}`)
    .join(', '),
);

/**
 * Writes how transactions ended: included or reverted; replaced, where another used their nonce. Those of other people
 * that did something here get a row. Three statements.
 */
export async function writeTransactions(
  database: DatabaseTransaction,
  chainId: string,
  facts: Pick<BlockFacts, 'header' | 'transactions' | 'usedNonces'>,
): Promise<WrittenTransaction[]> {
  // First those that lost: a nonce belongs to one transaction that was not replaced.
  const replaced = await writeReplaced(database, chainId, facts.usedNonces);
  if (facts.transactions.length === 0) return replaced;
  await insertForeign(database, chainId, facts.transactions);
  return [...replaced, ...(await writeIncluded(database, chainId, facts))];
}

async function writeReplaced(
  database: DatabaseTransaction,
  chainId: string,
  used: BlockFacts['usedNonces'],
): Promise<WrittenTransaction[]> {
  if (used.length === 0) return [];
  const { rows } = await sql<WrittenTransaction>`
    update chain_transaction one set status = 'REPLACED', replaced_by_id = (
      select id from chain_transaction winner
      where winner.chain_id = ${chainId} and winner.hash = used.hash and winner.raw_transaction is not null)
    from unnest(${used.map((one) => one.sender)}::text[], ${used.map((one) => one.nonce)}::bigint[],
      ${used.map((one) => one.hash)}::text[]) as used (sender, nonce, hash)
    where one.chain_id = ${chainId} and one.sender = used.sender and one.nonce = used.nonce
      and one.hash <> used.hash and one.raw_transaction is not null
      and one.status in (${sql.join(sourcesOf(CHAIN_TRANSACTION_TRANSITIONS, 'REPLACED'))})
    returning ${WRITTEN}`.execute(database);
  return rows;
}

async function insertForeign(
  database: DatabaseTransaction,
  chainId: string,
  transactions: BlockFacts['transactions'],
): Promise<void> {
  await sql`
    insert into chain_transaction (chain_id, organization_id, account_id, batch_id, kind, status, hash, sender, nonce)
    select ${chainId}, organization_id, account_id, batch_id, 'FOREIGN', 'BROADCAST', hash, sender, nonce
    from unnest(${transactions.map((one) => one.organizationId)}::uuid[],
      ${transactions.map((one) => one.accountId)}::uuid[], ${transactions.map((one) => one.batchId)}::uuid[],
      ${transactions.map((one) => one.hash)}::text[], ${transactions.map((one) => one.sender)}::text[],
      ${transactions.map((one) => one.nonce)}::bigint[])
      as fact (organization_id, account_id, batch_id, hash, sender, nonce)
    on conflict (chain_id, hash) do nothing`.execute(database);
}

async function writeIncluded(
  database: DatabaseTransaction,
  chainId: string,
  { header, transactions }: Pick<BlockFacts, 'header' | 'transactions'>,
): Promise<WrittenTransaction[]> {
  // INCLUDED and REVERTED may follow the same statuses.
  const { rows } = await sql<WrittenTransaction>`
    update chain_transaction one set
      status = case when succeeded then 'INCLUDED'::"TransactionStatus" else 'REVERTED' end,
      block_number = ${header.number}, block_hash = ${header.hash}, included_at = ${header.timestamp},
      fee_units = fact.fee_units, replaced_by_id = null
    from unnest(${transactions.map((fact) => fact.hash)}::text[],
      ${transactions.map((fact) => fact.succeeded)}::bool[],
      ${transactions.map((fact) => fact.feeUnits)}::numeric[]) as fact (hash, succeeded, fee_units)
    where one.chain_id = ${chainId} and one.hash = fact.hash
      and one.status in (${sql.join(sourcesOf(CHAIN_TRANSACTION_TRANSITIONS, 'INCLUDED'))})
    returning ${WRITTEN}`.execute(database);
  if (rows.length !== transactions.length) {
    throw new InvariantError('A transaction was included twice', {
      chainId,
      number: header.number,
      facts: transactions.length,
      written: rows.length,
    });
  }
  return rows;
}
