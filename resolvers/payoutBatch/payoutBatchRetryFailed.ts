import { sql } from 'kysely';
import { getAddress } from 'viem';
import { refuse } from '../../core/errors.ts';
import { MAX_TITLE_CHARACTERS } from '../../core/limits.ts';
import type { PayoutIssueCode } from '../../payroll/checks/payoutIssue.ts';
import type { Database, DatabaseTransaction } from '../../prisma/database.ts';
import { lockPayoutBatch, type PayoutBatchRow } from '../../transitions/payoutBatchStatus.ts';
import { createOnce } from '../createOnce.ts';
import { checkIdempotencyKey, findReplay, hashInput, IDEMPOTENCY_FAULTS } from '../idempotency.ts';
import type { RequestContext } from '../requestContext.ts';
import {
  BATCH_TARGET_FAULTS,
  type BatchTarget,
  findTarget,
  requireActive,
  requireTarget,
} from './batchTarget.ts';
import { findBatch } from './findBatch.ts';
import { findPaidRecipients } from './findPaidRecipients.ts';
import { insertBatch, type NewPayout, type NewWarnings } from './insertBatch.ts';

export const PAYOUT_BATCH_RETRY_FAILED_FAULTS = {
  ACCOUNT_NOT_ACTIVE: BATCH_TARGET_FAULTS.ACCOUNT_NOT_ACTIVE,
  ACCOUNT_UNSUPPORTED: BATCH_TARGET_FAULTS.ACCOUNT_UNSUPPORTED,
  BATCH_NOT_CLOSED: 'The batch is not closed in a final block: its rows may still be paid.',
  NOTHING_FAILED: 'Every payout of the batch was delivered.',
  ROW_RETRIED_ALREADY: 'Another batch pays failed rows of this one already.',
  ...IDEMPOTENCY_FAULTS,
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used before, for another batch.',
} as const;

export type PayoutBatchRetryFailedResult = {
  /** The new batch. */
  payoutBatchId: string;
  replayed: boolean;
  eventCursor: string | null;
};

/**
 * Makes a draft batch of exactly the rows that a closed batch never delivered, as they were. A row that another live
 * batch pays again is not paid a third time. Their warnings come along. Needs BATCH_CREATE.
 * @throws UserFaultsError with a code of PAYOUT_BATCH_RETRY_FAILED_FAULTS; NotFoundError, ForbiddenError,
 *   UnauthenticatedError
 */
export async function payoutBatchRetryFailed(
  context: RequestContext,
  input: { payoutBatchId: string; idempotencyKey: string },
): Promise<PayoutBatchRetryFailedResult> {
  const { database } = context.log;
  const { batch, viewer } = await findBatch(context, database, input.payoutBatchId, 'BATCH_CREATE');
  checkIdempotencyKey(input.idempotencyKey);
  const request = {
    scopeId: batch.organizationId,
    operation: 'payoutBatchRetryFailed',
    key: input.idempotencyKey,
    inputHash: hashInput([batch.id]),
  };
  const replayOf = await findReplay(database, request);
  if (replayOf !== null) return { payoutBatchId: replayOf, replayed: true, eventCursor: null };
  requireClosed(batch);
  const found = await findTarget(context, database, batch);
  const target = requireTarget(found);
  requireActive(found);
  const failed = await readFailed(database, batch.id, target);
  if (failed.length === 0) refuse('NOTHING_FAILED', 'Every payout of this batch was delivered.', AT_BATCH);
  const warnings = await readWarnings(database, batch.id, failed);
  const created = await createOnce(context, request, async (work, id) => {
    await claimRows(work.database, batch.id, failed);
    await insertBatch(work, {
      id,
      target,
      title: retryTitle(batch.title),
      payouts: failed,
      createdByUserId: viewer.userId,
      retryOfBatchId: batch.id,
      warnings,
    });
    await recordRetries(work.database, id, batch, failed);
  });
  return {
    payoutBatchId: created.objectId,
    replayed: created.replayed,
    eventCursor: created.eventCursor(batch.organizationId),
  };
}

const AT_BATCH = ['input', 'payoutBatchId'];

/** Both statuses are ends, reached only from final blocks. */
function requireClosed({ status, closedAtBlock }: PayoutBatchRow): void {
  if (status === 'COMPLETED') refuse('NOTHING_FAILED', 'Every payout of this batch was delivered.', AT_BATCH);
  if ((status === 'PARTIALLY_FAILED' || status === 'FAILED') && closedAtBlock !== null) return;
  const message =
    'Rows are paid again only after their batch is closed in a final block: until then they may still be delivered.';
  refuse('BATCH_NOT_CLOSED', message, AT_BATCH);
}

function retryTitle(title: string): string {
  const suffix = ' (retry)';
  const stem = title.endsWith(suffix) ? title.slice(0, -suffix.length) : title;
  return stem.slice(0, MAX_TITLE_CHARACTERS - suffix.length).toWellFormed() + suffix;
}

type FailedPayout = NewPayout & {
  /** In the closed batch. */
  readonly rowIndex: number;
  /** The payout that was to be made first of all: a retry of a retry names the same. */
  readonly originalPayoutId: string;
};

/**
 * A closed batch's rows never change: reading them needs no lock. Who is new is asked anew: meanwhile another batch may have
 * paid them.
 */
async function readFailed(database: Database, batchId: string, target: BatchTarget): Promise<FailedPayout[]> {
  const rows = await database
    .selectFrom('payout')
    .innerJoin('payoutException as failed', (join) =>
      join.onRef('failed.batchId', '=', 'payout.batchId').onRef('failed.rowIndex', '=', 'payout.rowIndex'),
    )
    .leftJoin('payoutRetry as retry', (join) =>
      join.onRef('retry.batchId', '=', 'payout.batchId').onRef('retry.rowIndex', '=', 'payout.rowIndex'),
    )
    .select(['payout.recipient', 'payout.units', 'payout.memo', 'payout.reference'])
    .select(['payout.rowIndex', 'payout.payeeId'])
    .select((eb) => eb.fn.coalesce('retry.originalPayoutId', 'payout.id').as('originalPayoutId'))
    .where('payout.batchId', '=', batchId)
    .where('failed.status', '=', 'FAILED')
    .orderBy('payout.rowIndex')
    .execute();
  const failed = rows.map((row) => ({ ...row, recipient: getAddress(row.recipient) }));
  const recipients = failed.map(({ recipient }) => recipient);
  const paid = await findPaidRecipients(database, target, recipients);
  return failed.map((row) => ({ ...row, isNewRecipient: !paid.has(row.recipient) }));
}

/** What was told of these rows when they were to be paid first, as far as it was kept. */
async function readWarnings(
  database: Database,
  batchId: string,
  failed: readonly FailedPayout[],
): Promise<NewWarnings> {
  const indexOf = new Map(failed.map(({ rowIndex }, index) => [rowIndex, index]));
  const kept = await database
    .selectFrom('payoutWarning')
    .select(['rowIndex', 'code', 'message'])
    .where('batchId', '=', batchId)
    .orderBy('position')
    .execute();
  const listed = kept.flatMap(({ rowIndex, code, message }) => {
    const index = indexOf.get(rowIndex);
    return index === undefined ? [] : [{ rowIndex: index, code: code as PayoutIssueCode, message }];
  });
  return { listed, count: listed.length };
}

/**
 * Takes the rows' one live retry from the closed batch, where that was a retry itself: there they failed for good. The
 * locks, on the closed batch and on what retried its rows before, let all who would retry them pass one by one, before
 * anything is written that refers to them; the partial unique index holds even without the locks.
 * @throws UserFaultsError ROW_RETRIED_ALREADY
 */
async function claimRows(
  database: DatabaseTransaction,
  batchId: string,
  failed: readonly FailedPayout[],
): Promise<void> {
  await lockPayoutBatch(database, batchId);
  const originals = failed.map(({ originalPayoutId }) => originalPayoutId);
  await sql`select from payout_retry where original_payout_id = any(${originals}::uuid[])
    order by batch_id, row_index for update`.execute(database);
  await refuseLiveRetries(database, batchId, originals);
  await sql`update payout_retry set live = false
    where batch_id = ${batchId} and live and original_payout_id = any(${originals}::uuid[])`.execute(
    database,
  );
}

async function recordRetries(
  database: DatabaseTransaction,
  retryBatchId: string,
  { organizationId }: PayoutBatchRow,
  failed: readonly FailedPayout[],
): Promise<void> {
  await sql`insert into payout_retry (batch_id, row_index, organization_id, original_payout_id, live)
    select ${retryBatchId}, (place - 1)::int, ${organizationId}, original, true
    from unnest(${failed.map(({ originalPayoutId }) => originalPayoutId)}::uuid[])
      with ordinality as line (original, place)`.execute(database);
}

/** @throws UserFaultsError ROW_RETRIED_ALREADY naming the batch */
async function refuseLiveRetries(
  database: DatabaseTransaction,
  batchId: string,
  originals: readonly string[],
): Promise<void> {
  const { rows } = await sql<{ title: string; status: string; rowCount: number }>`
    select other.title, other.status, count(*)::int as row_count
    from payout_retry retry join payout_batch other on other.id = retry.batch_id
    where retry.live and retry.original_payout_id = any(${originals}::uuid[]) and retry.batch_id <> ${batchId}
    group by other.id order by other.id limit 1`.execute(database);
  const live = rows[0];
  if (live === undefined) return;
  const state = live.status.toLowerCase().replaceAll('_', ' ');
  const message = `${live.rowCount} of the failed rows are in the batch “${live.title}” (${state}) already. A row has one retry at a time.`;
  refuse('ROW_RETRIED_ALREADY', message, AT_BATCH);
}
