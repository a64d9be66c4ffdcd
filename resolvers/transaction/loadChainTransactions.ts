import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ChainTransactionTable } from '../../prisma/generated/database.ts';
import { alignById } from '../alignById.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

/** A transaction without its signed bytes, and without what is for the engine alone. `broadcastCount` is null to those who did not send it. */
export type ChainTransactionRow = Omit<Selectable<ChainTransactionTable>, 'rawTransaction' | 'lastRefusal'>;

/**
 * Transactions by id, in the order asked for; null for what does not exist or concerns strangers only. A transaction
 * concerns the organization it was made for and those whose accounts it moved money of.
 * @throws UnauthenticatedError
 */
export async function loadChainTransactions(
  context: RequestContext,
  ids: readonly string[],
): Promise<(ChainTransactionRow | null)[]> {
  const concerns = sql<boolean>`(${viewerIsMember(context, sql.ref('chainTransaction.organizationId'))} or exists (
    select from transfer where transfer.transaction_id = chain_transaction.id
      and ${viewerIsMember(context, sql.ref('transfer.organizationId'))}))`;
  return load(context, ids, concerns);
}

/**
 * The same for transactions that an object the viewer already reads refers to: one transaction can serve several
 * organizations (a stranger's executes chunks of two), and each sees what the chain shows everybody.
 */
export async function loadReferencedTransactions(
  context: RequestContext,
  ids: readonly string[],
): Promise<(ChainTransactionRow | null)[]> {
  return load(context, ids, sql<boolean>`true`);
}

async function load(
  context: RequestContext,
  ids: readonly string[],
  condition: RawBuilder<boolean>,
): Promise<(ChainTransactionRow | null)[]> {
  const rows = await context.log.database
    .selectFrom('chainTransaction')
    .select(transactionColumns(context))
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .where(condition)
    .execute();
  return alignById(ids, rows);
}

/** What is read of `chain_transaction`. How often it was sent is for its own organization alone. */
export function transactionColumns(context: RequestContext) {
  const isOurs = viewerIsMember(context, sql.ref('chainTransaction.organizationId'));
  return [
    'id',
    'chainId',
    'organizationId',
    'accountId',
    'batchId',
    'chunkIndex',
    'approvalId',
    'kind',
    'status',
    'hash',
    'sender',
    'nonce',
    'gasLimit',
    'maxFeePerGas',
    'maxPriorityFeePerGas',
    'signedAtBlock',
    'blockNumber',
    'blockHash',
    'includedAt',
    'feeUnits',
    sql<number | null>`case when ${isOurs} then chain_transaction.broadcast_count end`.as('broadcastCount'),
    'lastBroadcastAt',
    'replacedById',
    'createdAt',
  ] as const;
}
