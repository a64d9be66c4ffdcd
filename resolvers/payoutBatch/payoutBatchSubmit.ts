import { createHash } from 'node:crypto';
import { manifestPieces } from '../../chains/evm/codec/encodeManifest.ts';
import { refuse, required } from '../../core/errors.ts';
import {
  DEFAULT_CLOSE_DELAY_SECONDS,
  DEFAULT_OPEN_WINDOW_SECONDS,
  MAX_CLOSE_DELAY_SECONDS,
  MAX_LIVE_APPROVALS_PER_ACCOUNT,
  MAX_OPEN_WINDOW_SECONDS,
  MIN_OPEN_WINDOW_SECONDS,
} from '../../core/limits.ts';
import type { SafeFault } from '../../core/safeFaults.ts';
import { type UnitOfWork, unitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { liveApprovals, lockApprovalQueue, lowestFreeNonce } from '../../transitions/approvalQueue.ts';
import {
  changeBatchStatus,
  lockPayoutBatch,
  type PayoutBatchRow,
} from '../../transitions/payoutBatchStatus.ts';
import { requestApproval } from '../../transitions/requestApproval.ts';
import type { RequestContext } from '../requestContext.ts';
import { findBatch } from './findBatch.ts';
import { loadManifest } from './loadManifest.ts';

export const PAYOUT_BATCH_SUBMIT_FAULTS = [
  'BATCH_CANCELLED',
  'ACCOUNT_UNSAFE',
  'TOO_MANY_LIVE_APPROVALS',
  'OPEN_WINDOW_OUT_OF_RANGE',
  'CLOSE_DELAY_OUT_OF_RANGE',
] as const;

export type PayoutBatchSubmitInput = {
  payoutBatchId: string;
  /** How long approvers have; past it the chain refuses to open the batch. Default 7 days. */
  openWindowSeconds: number | null;
  /** How long after that anyone may close the vault although it still owes. Default 7 days. */
  closeDelaySeconds: number | null;
};

/**
 * Asks the account's owners to approve a draft: fixes its deadlines and its manifest, gives it the next free Safe nonce,
 * and writes the Safe transaction to be signed. Submitting what was submitted changes nothing.
 * @throws UserFaultsError with a code of PAYOUT_BATCH_SUBMIT_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payoutBatchSubmit(
  context: RequestContext,
  input: PayoutBatchSubmitInput,
): Promise<{ payoutBatchId: string; eventCursor: string | null }> {
  const openWindow = input.openWindowSeconds ?? DEFAULT_OPEN_WINDOW_SECONDS;
  const closeDelay = input.closeDelaySeconds ?? DEFAULT_CLOSE_DELAY_SECONDS;
  requireWithin(
    'OPEN_WINDOW_OUT_OF_RANGE',
    'openWindowSeconds',
    openWindow,
    MIN_OPEN_WINDOW_SECONDS,
    MAX_OPEN_WINDOW_SECONDS,
  );
  requireWithin('CLOSE_DELAY_OUT_OF_RANGE', 'closeDelaySeconds', closeDelay, 0, MAX_CLOSE_DELAY_SECONDS);
  const committed = await unitOfWork(context.log, async (work) => {
    const found = await findBatch(context, work.database, input.payoutBatchId, 'BATCH_SUBMIT');
    const safeNonce = await lockApprovalQueue(work.database, found.batch.accountId);
    const batch = required(await lockPayoutBatch(work.database, found.batch.id), 'The batch');
    if (batch.status === 'CANCELLED' && batch.submittedAt === null) {
      refuse('BATCH_CANCELLED', 'This draft was cancelled. Import the file again to pay it.');
    }
    if (batch.status !== 'DRAFT') return batch;
    await requireSafeAccount(work.database, batch.accountId);
    const live = await liveApprovals(work.database, batch.accountId);
    if (live.length >= MAX_LIVE_APPROVALS_PER_ACCOUNT) {
      refuse(
        'TOO_MANY_LIVE_APPROVALS',
        `The account has ${live.length} approvals under way; at most ${MAX_LIVE_APPROVALS_PER_ACCOUNT} may be. Decide some first.`,
      );
    }
    const submitted = await submit(work, batch, openWindow, closeDelay);
    await requestApproval(work, {
      batch: submitted,
      kind: 'PAYOUT_OPEN',
      safeNonce: lowestFreeNonce(safeNonce, live),
      requestedByUserId: found.viewer.userId,
    });
    return submitted;
  });
  return {
    payoutBatchId: committed.value.id,
    eventCursor: committed.eventCursor(committed.value.organizationId),
  };
}

/** The account is locked. @throws UserFaultsError ACCOUNT_UNSAFE */
async function requireSafeAccount(database: DatabaseTransaction, accountId: string): Promise<void> {
  const inspection = await database
    .selectFrom('accountInspection')
    .select('faults')
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  const faults = (inspection?.faults ?? []) as SafeFault[];
  if (faults.length === 0) return;
  const [first] = faults;
  const others = faults.length === 1 ? '' : ` It has ${faults.length - 1} more faults.`;
  refuse(
    'ACCOUNT_UNSAFE',
    `Nothing is paid from this account as its Safe is now. ${first?.message}${others}`,
  );
}

async function submit(
  work: UnitOfWork,
  batch: PayoutBatchRow,
  openWindowSeconds: number,
  closeDelaySeconds: number,
): Promise<PayoutBatchRow> {
  const openBy = new Date(((await chainNowSeconds(work.database, batch.chainId)) + openWindowSeconds) * 1000);
  const closeAfter = new Date(openBy.getTime() + closeDelaySeconds * 1000);
  const { chunks, ...header } = await loadManifest(work.database, { ...batch, openBy, closeAfter });
  const sha256 = createHash('sha256');
  let byteSize = 0;
  for (const piece of manifestPieces(header, chunks)) {
    sha256.update(piece);
    byteSize += Buffer.byteLength(piece);
  }
  return changeBatchStatus(work, batch, 'PENDING_APPROVAL', {
    openBy,
    closeAfter,
    manifestSha256: sha256.digest('hex'),
    manifestByteSize: byteSize,
    submittedAt: new Date(),
  });
}

/** Deadlines are compared with block timestamps, which may run ahead of this machine's clock. Unix seconds. */
async function chainNowSeconds(database: DatabaseTransaction, chainId: string): Promise<number> {
  const chain = await database
    .selectFrom('chain')
    .select('headTimestamp')
    .where('id', '=', chainId)
    .executeTakeFirstOrThrow();
  return Math.floor(Math.max(Date.now(), chain.headTimestamp?.getTime() ?? 0) / 1000);
}

function requireWithin(
  code: (typeof PAYOUT_BATCH_SUBMIT_FAULTS)[number],
  field: string,
  value: number,
  least: number,
  most: number,
): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    refuse(code, `${field} is a whole number from ${least} to ${most}.`, ['input', field]);
  }
}
