import { sql } from 'kysely';
import type { PayoutRange } from '../events/eventPayloads.ts';
import { type EventLog, type UnitOfWork, unitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { PAYOUT_CHUNK_TRANSITIONS } from '../transitions/payoutChunkStatus.ts';
import { releaseRetries } from '../transitions/releaseRetries.ts';
import { settleBatch } from '../transitions/settleBatch.ts';
import type { TransactionMove } from '../transitions/transactionCounter.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';
import { advanceWaiting } from './advanceWaiting.ts';
import type { BlockFacts } from './blockFacts.ts';
import { endApprovals, endCancelling } from './endApprovals.ts';
import { executeApprovals } from './executeApprovals.ts';
import { failClosedRows } from './failClosedRows.ts';
import { findDue } from './findDue.ts';
import { lockAccounts } from './lockAccounts.ts';
import { matureFacts } from './matureFacts.ts';
import { type IndexedChain, moveHead } from './moveHead.ts';
import { PayoutChanges } from './payoutChanges.ts';
import { wakeIneffective } from './wakeIneffective.ts';
import { writeAccounts } from './writeAccounts.ts';
import { type WrittenTransaction, writeTransactions } from './writeTransactions.ts';
import { forgetBalances, writeBalances, writeTransfers } from './writeTransfers.ts';
import { writeVaults } from './writeVaults.ts';

/** What a block's writing, or its taking back, changed: for metrics and log lines, once it is committed. */
export type Written = {
  /** Transactions that the block itself decided about. */
  readonly transactions: readonly WrittenTransaction[];
  /** How many of others moved with it, by depth or by a reorg. */
  readonly moves: readonly TransactionMove[];
  /** Payouts whose status changed, by batch. */
  readonly ranges: ReadonlyMap<string, readonly PayoutRange[]>;
};

/**
 * Writes one block: its facts, what has reached a depth by it, and what follows from both, in one transaction. Locks in
 * the order chain, accounts, batches, others; the number of statements follows from how many batches and approvals the
 * block touched, never from rows.
 * @param expectedHash the head's hash, which must be this block's parent; null for the very first block
 * @throws HeadMovedError, FinalBlockLostError, InvariantError; nothing is written then
 */
export async function applyBlock(
  log: EventLog,
  chain: IndexedChain,
  facts: BlockFacts,
  expectedHash: string | null,
): Promise<Written> {
  const { value } = await unitOfWork(log, async (work) => {
    const horizon = await moveHead(work.database, chain, facts, expectedHash);
    const due = await findDue(work.database, chain.id, facts, horizon);
    const accounts = await lockAccounts(
      work.database,
      new Set([
        ...facts.accounts.map((fact) => fact.accountId),
        ...facts.inspections.map((fact) => fact.accountId),
        ...facts.executions.map((fact) => fact.accountId),
        ...due.approvals.map((approval) => approval.accountId),
      ]),
    );
    await lockBatches(work.database, due.batchIds);

    const changes = new PayoutChanges();
    const transactions = await writeTransactions(work.database, chain.id, facts);
    await writeAccounts(work, facts, accounts, facts.header.number);
    await executeApprovals(work, chain.id, facts);
    await writeVaults(work.database, chain.id, facts, changes);
    await freeChunks(work.database, transactions, changes);
    await writeTransfers(work, chain.id, facts);
    await writeBalances(work.database, facts.balances, facts.header.number);
    await forgetBalances(work.database, facts.unknownBalances);
    if (due.hasIneffective) await wakeIneffective(work, chain.id, horizon.finalNumber);
    const moves = await matureFacts(work, chain.id, { horizon, due }, changes);
    await failClosedRows(work.database, due.closedBatchIds, changes);
    const ranges = await settle(work, changes, false);
    await endApprovals(work, due.approvals);
    if (horizon.finalTimestamp !== null) {
      if (due.hasCancelling) await endCancelling(work, chain.id, horizon.finalTimestamp);
      if (due.hasRetries) await releaseRetries(work.database, chain.id, horizon.finalTimestamp);
    }
    await enqueueFor(work, transactions, changes);
    await advanceWaiting(work, [
      ...facts.inspections.map((fact) => fact.accountId),
      ...facts.transfers.map((fact) => fact.accountId),
    ]);
    return { transactions, moves, ranges };
  });
  return value;
}

/** Settles every changed batch, in ascending order, and enqueues its next step. @returns the changed rows, by batch */
export async function settle(
  work: UnitOfWork,
  changes: PayoutChanges,
  reorged: boolean,
): Promise<Map<string, PayoutRange[]>> {
  const ranges = await changes.readRanges(work.database);
  for (const batchId of changes.batchIds()) {
    await settleBatch(work, { batchId, changes: ranges.get(batchId) ?? [], reorged });
    await work.enqueue('batch.advance', { batchId }, batchId);
  }
  return ranges;
}

/** Locks batches, in ascending order. */
export async function lockBatches(database: DatabaseTransaction, batchIds: readonly string[]): Promise<void> {
  if (batchIds.length === 0) return;
  await database
    .selectFrom('payoutBatch')
    .select('id')
    .where('id', 'in', [...batchIds])
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** A chunk whose transaction ended without executing it can be sent again. */
async function freeChunks(
  database: DatabaseTransaction,
  transactions: readonly WrittenTransaction[],
  changes: PayoutChanges,
): Promise<void> {
  const lost = transactions.filter(
    (transaction) => transaction.status === 'REVERTED' || transaction.status === 'REPLACED',
  );
  const batchIds = lost.flatMap((transaction) => transaction.batchId ?? []);
  if (batchIds.length === 0) return;
  const { rows } = await sql<{ batchId: string; chunkIndex: number }>`
    update payout_chunk set status = 'PENDING', transaction_id = null
    where batch_id = any(${batchIds}::uuid[]) and transaction_id = any(${lost.map(({ id }) => id)}::uuid[])
      and status in (${sql.join(sourcesOf(PAYOUT_CHUNK_TRANSITIONS, 'PENDING'))}) and block_number is null
    returning batch_id, chunk_index`.execute(database);
  for (const { batchId, chunkIndex } of rows) changes.addChunk(batchId, chunkIndex);
}

/** Whatever a transaction of ours came to, its batch or account may have a next step. */
async function enqueueFor(
  work: UnitOfWork,
  transactions: readonly WrittenTransaction[],
  changes: PayoutChanges,
): Promise<void> {
  const settled = new Set(changes.batchIds());
  const batchIds = new Set(transactions.flatMap((transaction) => transaction.batchId ?? []));
  for (const batchId of [...batchIds].sort()) {
    if (!settled.has(batchId)) await work.enqueue('batch.advance', { batchId }, batchId);
  }
  for (const { kind, status, accountId } of transactions) {
    if (kind !== 'ACCOUNT' || accountId === null || status === 'INCLUDED') continue;
    await work.enqueue('account.deploy', { accountId }, accountId);
  }
}
