import { sql } from 'kysely';
import type { Queryable } from '../prisma/database.ts';
import type { SendRefusal, TransactionKind, TransactionStatus } from '../prisma/generated/database.ts';
import { CHAIN_TRANSACTION_TRANSITIONS } from './chainTransactionStatus.ts';
import { sourcesOf } from './transitionTable.ts';

/** A transaction whose attempt to be sent is noted, as it stands now. */
export type NotedSend = {
  readonly id: string;
  readonly chainId: string;
  readonly eip155ChainId: bigint;
  readonly organizationId: string | null;
  readonly batchId: string | null;
  readonly chunkIndex: number | null;
  readonly kind: TransactionKind;
  readonly statusBefore: TransactionStatus;
  readonly status: TransactionStatus;
  readonly hash: string;
  readonly sender: string;
  readonly nonce: bigint;
  /** This attempt counted. */
  readonly broadcastCount: number;
};

/** What became of an attempt to send a transaction. */
export type SendAttempt = {
  readonly id: string;
  /** Whether some node may have its bytes now. */
  readonly isSent: boolean;
  /** Why nodes turned it away; null when one took it, undefined when none answered: then the last word stands. */
  readonly refusal: SendRefusal | null | undefined;
};

/**
 * Notes attempts to send transactions; those that may be sent and were SIGNED are BROADCAST now. One statement that waits
 * for nobody: a row that another transaction holds is being settled by the indexer, and what it writes stands. A note that
 * is lost this way only means that the bytes are sent once more.
 * @returns those that were noted, in no order
 */
export async function noteSends(database: Queryable, attempts: readonly SendAttempt[]): Promise<NotedSend[]> {
  const ids = attempts.map(({ id }) => id);
  const sent = attempts.map(({ isSent }) => isSent);
  const answered = attempts.map(({ refusal }) => refusal !== undefined);
  const refusals = attempts.map(({ refusal }) => refusal ?? null);
  // The table's other ways to BROADCAST are a reorg's.
  const { rows } = await sql<NotedSend>`
    update chain_transaction one
    set broadcast_count = broadcast_count + 1, last_broadcast_at = clock_timestamp(),
      status = case when status = 'SIGNED' and attempt.is_sent then 'BROADCAST' else status end,
      last_refusal = case when attempt.is_answered then attempt.refusal else last_refusal end
    from chain, unnest(${ids}::uuid[], ${sent}::boolean[], ${answered}::boolean[], ${refusals}::"SendRefusal"[])
      as attempt (id, is_sent, is_answered, refusal)
    where chain.id = one.chain_id and attempt.id = one.id
      and one.id in (select id from chain_transaction where id = any(${ids}::uuid[]) for update skip locked)
    returning one.id, one.chain_id, chain.eip155_chain_id, one.organization_id, one.batch_id, one.chunk_index, one.kind,
      old.status as status_before, one.status, one.hash, one.sender, one.nonce, one.broadcast_count`.execute(
    database,
  );
  return rows;
}

/** Makes one REPLACED, unless a block has decided about it. @returns whether it was */
export async function giveUpTransaction(database: Queryable, transactionId: string): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('chainTransaction')
    .set({ status: 'REPLACED' })
    .where('id', '=', transactionId)
    .where('status', 'in', sourcesOf(CHAIN_TRANSACTION_TRANSITIONS, 'REPLACED'))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Says which transaction took the place of one that was let go of. */
export async function nameReplacement(
  database: Queryable,
  replacedId: string,
  replacementId: string,
): Promise<void> {
  await database
    .updateTable('chainTransaction')
    .set({ replacedById: replacementId })
    .where('id', '=', replacedId)
    .where('status', '=', 'REPLACED')
    .execute();
}
