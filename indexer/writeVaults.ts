import { sql } from 'kysely';
import { InvariantError } from '../core/errors.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { setBatchBlocker } from '../transitions/payoutBatchStatus.ts';
import { PAYOUT_CHUNK_TRANSITIONS } from '../transitions/payoutChunkStatus.ts';
import { PAYOUT_EXCEPTION_TRANSITIONS } from '../transitions/payoutExceptionStatus.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';
import type { BlockFacts, BlockHeader, ChunkFact, RetryFact } from './blockFacts.ts';
import type { PayoutChanges } from './payoutChanges.ts';
import { countRows, rowBits } from './rowBits.ts';

/** Of a row that its vault owes: the token denied or reverted the transfer. Why, no event says. */
export const UNDELIVERED_MESSAGE =
  'The token refused the transfer to this recipient. It stays owed: it is tried once more by itself when this is final, and anybody can try it until the batch is closed.';

const OPENED_DIFFERENTLY = {
  code: 'VAULT_OPENED_DIFFERENTLY',
  message:
    'The account’s owners opened this batch’s vault with other payments than these. Nothing of this batch can be paid; the owners can close the vault.',
};

type VaultFacts = Pick<BlockFacts, 'header' | 'openings' | 'chunks' | 'retries' | 'closings'>;
type KeyRow = { batchId: string; chunkIndex: number };

/** Writes what a block's vaults did, by batch and chunk, whoever sent it. A handful of statements, however many rows. */
export async function writeVaults(
  database: DatabaseTransaction,
  chainId: string,
  facts: VaultFacts,
  changes: PayoutChanges,
): Promise<void> {
  await writeOpenings(database, facts, changes);
  const batchIds = [...facts.chunks, ...facts.retries, ...facts.closings].map((fact) => fact.batchId);
  if (batchIds.length === 0) return;
  // A vault that was opened with other rows says nothing about the rows of its batch here.
  const opened = await listOpened(database, batchIds);
  const ofOpened = (fact: { batchId: string }): boolean => opened.has(fact.batchId);
  const chunks = facts.chunks.filter(ofOpened);
  await writeChunks(database, chainId, facts.header, chunks, changes);
  await insertOwedRows(database, chunks, changes);
  await writeRetries(database, chainId, facts.header.number, facts.retries.filter(ofOpened), changes);
  const closed = facts.closings.filter(ofOpened).map((closing) => closing.batchId);
  if (closed.length === 0) return;
  await database
    .updateTable('payoutBatch')
    .set({ closedAtBlock: facts.header.number })
    .where('id', 'in', closed)
    .execute();
  for (const batchId of closed) changes.addBatch(batchId);
}

async function writeOpenings(
  database: DatabaseTransaction,
  { header, openings }: VaultFacts,
  changes: PayoutChanges,
): Promise<void> {
  const planned = openings.filter((opening) => opening.asPlanned).map((opening) => opening.batchId);
  if (planned.length > 0) {
    await database
      .updateTable('payoutBatch')
      .set({ openedAtBlock: header.number })
      .where('id', 'in', planned)
      .execute();
    for (const batchId of planned) changes.addBatch(batchId);
  }
  for (const { batchId, asPlanned } of openings) {
    if (!asPlanned) await setBatchBlocker(database, batchId, OPENED_DIFFERENTLY);
  }
}

async function listOpened(database: DatabaseTransaction, batchIds: readonly string[]): Promise<Set<string>> {
  const rows = await database
    .selectFrom('payoutBatch')
    .select('id')
    .where('id', 'in', [...new Set(batchIds)])
    .where('openedAtBlock', 'is not', null)
    .execute();
  return new Set(rows.map((row) => row.id));
}

async function writeChunks(
  database: DatabaseTransaction,
  chainId: string,
  header: BlockHeader,
  chunks: readonly ChunkFact[],
  changes: PayoutChanges,
): Promise<void> {
  if (chunks.length === 0) return;
  const { rows } = await sql<KeyRow>`
    update payout_chunk chunk set status = 'INCLUDED', transaction_id = transaction.id,
      block_number = ${header.number}, included_at = ${header.timestamp}
    from unnest(${chunks.map((fact) => fact.batchId)}::uuid[], ${chunks.map((fact) => fact.chunkIndex)}::int[],
      ${chunks.map((fact) => fact.transactionHash)}::text[]) as fact (batch_id, chunk_index, hash)
    join chain_transaction transaction on transaction.chain_id = ${chainId} and transaction.hash = fact.hash
    where chunk.batch_id = fact.batch_id and chunk.chunk_index = fact.chunk_index
      and chunk.status in (${sql.join(sourcesOf(PAYOUT_CHUNK_TRANSITIONS, 'INCLUDED'))})
    returning chunk.batch_id, chunk.chunk_index`.execute(database);
  requireAll('A chunk was executed twice', chunks.length, rows.length, header.number);
  for (const { batchId, chunkIndex } of rows) changes.addChunk(batchId, chunkIndex);
}

async function insertOwedRows(
  database: DatabaseTransaction,
  chunks: readonly ChunkFact[],
  changes: PayoutChanges,
): Promise<void> {
  const owing = chunks.filter((fact) => fact.owed !== 0n);
  if (owing.length === 0) return;
  await sql`
    insert into payout_exception
      (batch_id, row_index, organization_id, chunk_index, status, failure_code, failure_message, transaction_id)
    select chunk.batch_id, chunk.first_row_index + bit, chunk.organization_id, chunk.chunk_index, 'UNDELIVERED',
      'TOKEN_REFUSED', ${UNDELIVERED_MESSAGE}, chunk.transaction_id
    from unnest(${owing.map((fact) => fact.batchId)}::uuid[], ${owing.map((fact) => fact.chunkIndex)}::int[],
      ${owing.map((fact) => rowBits(fact.owed))}::bytea[]) as fact (batch_id, chunk_index, owed)
    join payout_chunk chunk using (batch_id, chunk_index)
    cross join lateral generate_series(0, chunk.row_count - 1) as bit
    where get_bit(fact.owed, bit) = 1`.execute(database);
  for (const { batchId, chunkIndex } of owing) changes.addExceptions(batchId, chunkIndex);
}

async function writeRetries(
  database: DatabaseTransaction,
  chainId: string,
  number: bigint,
  retries: readonly RetryFact[],
  changes: PayoutChanges,
): Promise<void> {
  if (retries.length === 0) return;
  const { rows } = await sql<KeyRow>`
    update payout_exception exception set status = 'INCLUDED', failure_code = null, failure_message = null,
      block_number = ${number}, transaction_id = transaction.id
    from unnest(${retries.map((fact) => fact.batchId)}::uuid[], ${retries.map((fact) => fact.chunkIndex)}::int[],
      ${retries.map((fact) => rowBits(fact.delivered))}::bytea[],
      ${retries.map((fact) => fact.transactionHash)}::text[]) as fact (batch_id, chunk_index, delivered, hash)
    join payout_chunk chunk using (batch_id, chunk_index)
    join chain_transaction transaction on transaction.chain_id = ${chainId} and transaction.hash = fact.hash
    where exception.batch_id = fact.batch_id and exception.chunk_index = fact.chunk_index
      and exception.status in (${sql.join(sourcesOf(PAYOUT_EXCEPTION_TRANSITIONS, 'INCLUDED'))})
      and get_bit(fact.delivered, exception.row_index - chunk.first_row_index) = 1
    returning exception.batch_id, exception.chunk_index`.execute(database);
  const delivered = retries.reduce((sum, fact) => sum + countRows(fact.delivered), 0);
  requireAll('A retry delivered rows that were not owed', delivered, rows.length, number);
  for (const { batchId, chunkIndex } of rows) changes.addExceptions(batchId, chunkIndex);
}

function requireAll(message: string, facts: number, written: number, number: bigint): void {
  if (facts !== written) throw new InvariantError(message, { facts, written, number });
}
