import { sql } from 'kysely';
import type { Queryable } from '../prisma/database.ts';
import { CHAIN_TRANSACTION_TRANSITIONS } from './chainTransactionStatus.ts';
import { sourcesOf } from './transitionTable.ts';

/**
 * Notes an attempt to send transactions; those of `sentIds` that were SIGNED are BROADCAST now. One statement that waits
 * for nobody: a row that another transaction holds is being settled by the indexer, and what it writes stands. A note that
 * is lost this way only means that the bytes are sent once more.
 */
export async function noteSends(
  database: Queryable,
  attemptedIds: readonly string[],
  sentIds: readonly string[],
): Promise<void> {
  // The table's other ways to BROADCAST are a reorg's.
  await sql`
    update chain_transaction
    set broadcast_count = broadcast_count + 1, last_broadcast_at = clock_timestamp(),
      status = case when status = 'SIGNED' and id = any(${sentIds}::uuid[]) then 'BROADCAST' else status end
    where id in (select id from chain_transaction where id = any(${attemptedIds}::uuid[]) for update skip locked)`.execute(
    database,
  );
}

/** Lets go of a transaction whose nonce a final block gave to another, unless a block has decided about it meanwhile. */
export async function giveUpTransaction(database: Queryable, transactionId: string): Promise<void> {
  await database
    .updateTable('chainTransaction')
    .set({ status: 'REPLACED' })
    .where('id', '=', transactionId)
    .where('status', 'in', sourcesOf(CHAIN_TRANSACTION_TRANSITIONS, 'REPLACED'))
    .execute();
}
