import { sql } from 'kysely';
import { parseTransaction, toHex } from 'viem';
import type { Fees } from '../../chains/evm/client/readFees.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { SendRefusal, TransactionStatus } from '../../prisma/generated/database.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../../transitions/chainTransactionStatus.ts';
import type { RecoveredLane } from '../relayer/recoveredLane.ts';
import type { WaitingTransaction } from './findStuck.ts';

/** More than are replaced in a round. */
const MAX_WAITING_LOOKED_AT = 32;

type WaitingRow = {
  id: string;
  nonce: bigint;
  status: TransactionStatus;
  maxFeePerGas: bigint | null;
  maxPriorityFeePerGas: bigint | null;
  broadcastCount: number;
  lastRefusal: SendRefusal | null;
  isReplacement: boolean;
  /** Only where the columns do not say what it offers. */
  rawTransaction: Buffer | null;
};

/** The first of a lane's transactions that no block has included, in the order of their nonces. */
export async function findWaiting(database: Queryable, lane: RecoveredLane): Promise<WaitingTransaction[]> {
  const { rows } = await sql<WaitingRow>`
    select id, nonce, status, max_fee_per_gas, max_priority_fee_per_gas, broadcast_count, last_refusal,
      case when max_priority_fee_per_gas is null then raw_transaction end as raw_transaction,
      exists (
        select from chain_transaction other
        where other.chain_id = one.chain_id and other.sender = one.sender and other.nonce = one.nonce
          and other.raw_transaction is not null and other.id <> one.id) as is_replacement
    from chain_transaction one
    where chain_id = ${lane.id} and sender = ${lane.address} and nonce >= ${lane.includedNonce}
      and status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])})
    order by nonce limit ${MAX_WAITING_LOOKED_AT}`.execute(database);
  return rows.map(({ id, nonce, status, broadcastCount, lastRefusal, isReplacement, ...offer }) => ({
    ...{ id, nonce, status, broadcastCount, lastRefusal, isReplacement },
    offered: offeredFees(offer),
  }));
}

/** What stored bytes offer. */
export function offeredFees(
  row: Pick<WaitingRow, 'maxFeePerGas' | 'maxPriorityFeePerGas' | 'rawTransaction'>,
): Fees {
  const { maxFeePerGas, maxPriorityFeePerGas, rawTransaction } = row;
  if (maxFeePerGas !== null && maxPriorityFeePerGas !== null) return { maxFeePerGas, maxPriorityFeePerGas };
  const parsed = rawTransaction === null ? null : parseTransaction(toHex(rawTransaction));
  return {
    maxFeePerGas: parsed?.maxFeePerGas ?? 0n,
    maxPriorityFeePerGas: parsed?.maxPriorityFeePerGas ?? 0n,
  };
}

/**
 * The newest block when a lane's first waiting transaction could be included for the first time: when it was signed, or
 * when the one before it was included. Null when that is not known yet.
 */
export async function findHeadBlock(database: Queryable, lane: RecoveredLane): Promise<bigint | null> {
  const { rows } = await sql<{
    signedAtBlock: bigint | null;
    beforeBlock: bigint | null;
    unsettled: boolean;
  }>`
    select max(signed_at_block) filter (where nonce = ${lane.includedNonce}
        and status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])})) as signed_at_block,
      max(block_number) filter (where nonce < ${lane.includedNonce}) as before_block,
      coalesce(bool_or(nonce < ${lane.includedNonce}
        and status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])})), false) as unsettled
    from chain_transaction
    where chain_id = ${lane.id} and sender = ${lane.address} and raw_transaction is not null
      and nonce between ${lane.includedNonce - 1n} and ${lane.includedNonce}`.execute(database);
  const [row] = rows;
  // The block of the one before is not indexed: nobody knows yet how long this one has been first.
  if (row === undefined || row.unsettled) return null;
  const signedAt = row.signedAtBlock ?? 0n;
  const before = row.beforeBlock ?? 0n;
  return signedAt > before ? signedAt : before;
}
