import { type RawBuilder, sql } from 'kysely';
import { NotFoundError, required } from '../../core/errors.ts';
import type { Permission } from '../../core/permissions.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import type { PauseScope } from '../../prisma/generated/database.ts';
import { lockPayoutBatch, type PayoutBatchRow, progressOf } from '../../transitions/payoutBatchStatus.ts';
import { authorize } from '../authorize.ts';
import { findBatch } from '../payoutBatch/findBatch.ts';
import type { RequestContext } from '../requestContext.ts';

/** What is paused or resumed, by whom. */
export type PauseSubject = {
  readonly organizationId: string;
  readonly userId: string;
  readonly id: string;
} & (
  | { readonly scope: 'CHAIN' | 'ACCOUNT' }
  /** Locked: nobody signs for it, and its counts stand still, until the transaction ends. */
  | { readonly scope: 'PAYOUT_BATCH'; readonly batch: PayoutBatchRow }
);

const COLUMN = { CHAIN: 'chainId', ACCOUNT: 'accountId', PAYOUT_BATCH: 'batchId' } as const;

/** The column of `payout_pause` that names the subject. */
export function pauseColumn(scope: PauseScope): (typeof COLUMN)[PauseScope] {
  return COLUMN[scope];
}

/** The condition that rows of `payout_batch as batch` are what a pause of the subject concerns. */
export function isOfSubject(subject: PauseSubject): RawBuilder<boolean> {
  const column = { CHAIN: 'batch.chain_id', ACCOUNT: 'batch.account_id', PAYOUT_BATCH: 'batch.id' }[
    subject.scope
  ];
  return sql<boolean>`batch.organization_id = ${subject.organizationId} and ${sql.ref(column)} = ${subject.id}`;
}

/** What an entry of the log says of a batch besides who did what. */
export function batchState(batch: PayoutBatchRow) {
  return { status: batch.status, progress: progressOf(batch) };
}

/** A chain, for one organization. @throws NotFoundError, ForbiddenError, UnauthenticatedError */
export async function findChainSubject(
  context: RequestContext,
  database: DatabaseTransaction,
  { organizationId, chainId }: { organizationId: string; chainId: string },
  permission: Permission,
): Promise<PauseSubject> {
  const viewer = await authorize(context, database, organizationId, permission, 'The organization');
  const chain = await database.selectFrom('chain').select('id').where('id', '=', chainId).executeTakeFirst();
  if (chain === undefined) throw new NotFoundError('The chain');
  return { scope: 'CHAIN', id: chain.id, organizationId, userId: viewer.userId };
}

/** @throws NotFoundError for a stranger's account as for one that does not exist; ForbiddenError, UnauthenticatedError */
export async function findAccountSubject(
  context: RequestContext,
  database: DatabaseTransaction,
  accountId: string,
  permission: Permission,
): Promise<PauseSubject> {
  const what = 'The account';
  const account = await database
    .selectFrom('account')
    .select(['id', 'organizationId'])
    .where('id', '=', accountId)
    .executeTakeFirst();
  if (account === undefined) throw new NotFoundError(what);
  const { id, organizationId } = account;
  const viewer = await authorize(context, database, organizationId, permission, what);
  return { scope: 'ACCOUNT', id, organizationId, userId: viewer.userId };
}

/** A batch, locked. @throws NotFoundError, ForbiddenError, UnauthenticatedError */
export async function findBatchSubject(
  context: RequestContext,
  database: DatabaseTransaction,
  payoutBatchId: string,
  permission: Permission,
): Promise<PauseSubject & { scope: 'PAYOUT_BATCH' }> {
  const { batch: found, viewer } = await findBatch(context, database, payoutBatchId, permission);
  const batch = required(await lockPayoutBatch(database, found.id), 'The batch');
  const { id, organizationId } = batch;
  return { scope: 'PAYOUT_BATCH', id, organizationId, userId: viewer.userId, batch };
}
