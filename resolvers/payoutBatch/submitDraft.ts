import { createHash } from 'node:crypto';
import { manifestPieces } from '../../chains/evm/codec/encodeManifest.ts';
import { refuse } from '../../core/errors.ts';
import { MAX_LIVE_APPROVALS_PER_ACCOUNT } from '../../core/limits.ts';
import type { SafeFault } from '../../core/safeFaults.ts';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { liveApprovals, lowestFreeNonce } from '../../transitions/approvalQueue.ts';
import { changeBatchStatus, type PayoutBatchRow } from '../../transitions/payoutBatchStatus.ts';
import { requestApproval } from '../../transitions/requestApproval.ts';
import { loadManifest } from './loadManifest.ts';

export type Submission = {
  /** The account's next, as its queue's lock answered: the caller holds that. */
  readonly safeNonce: bigint;
  readonly openWindowSeconds: number;
  readonly closeDelaySeconds: number;
  readonly userId: string;
};

/**
 * Asks the account's owners to approve a locked DRAFT: fixes its deadlines and its manifest, gives it the next free Safe
 * nonce, and writes the Safe transaction to be signed.
 * @throws UserFaultsError ACCOUNT_UNSAFE, TOO_MANY_LIVE_APPROVALS
 */
export async function submitDraft(
  work: UnitOfWork,
  batch: PayoutBatchRow,
  submission: Submission,
): Promise<PayoutBatchRow> {
  await requireSafeAccount(work.database, batch.accountId);
  const live = await liveApprovals(work.database, batch.accountId);
  if (live.length >= MAX_LIVE_APPROVALS_PER_ACCOUNT) {
    refuse(
      'TOO_MANY_LIVE_APPROVALS',
      `The account has ${live.length} approvals under way; at most ${MAX_LIVE_APPROVALS_PER_ACCOUNT} may be. Decide some first.`,
    );
  }
  const submitted = await fixTerms(work, batch, submission);
  await requestApproval(work, {
    batch: submitted,
    kind: 'PAYOUT_OPEN',
    safeNonce: lowestFreeNonce(submission.safeNonce, live),
    requestedByUserId: submission.userId,
  });
  return submitted;
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

async function fixTerms(
  work: UnitOfWork,
  batch: PayoutBatchRow,
  { openWindowSeconds, closeDelaySeconds }: Submission,
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
