import { refuse } from '../../core/errors.ts';
import { MAX_REASON_CHARACTERS } from '../../core/limits.ts';
import { type UnitOfWork, unitOfWork } from '../../events/unitOfWork.ts';
import { closeNonceGaps } from '../../transitions/approvalQueue.ts';
import { changeApprovalStatus } from '../../transitions/approvalStatus.ts';
import { isSignedElsewhere } from '../../transitions/isSignedElsewhere.ts';
import { changeBatchStatus } from '../../transitions/payoutBatchStatus.ts';
import type { RequestContext } from '../requestContext.ts';
import { findOwnSigner } from './findOwnSigner.ts';
import { type LockedApproval, lockApproval } from './lockApproval.ts';
import { findDecision, writeDecision } from './writeDecision.ts';

export const APPROVAL_REJECT_FAULTS = [
  'SIGNER_NOT_FOUND',
  'SIGNER_NOT_OWNER',
  'ALREADY_GRANTED',
  'THRESHOLD_REACHED',
  'APPROVAL_NOT_OPEN',
  'REASON_TOO_LONG',
] as const;

export type ApprovalRejectInput = { approvalId: string; signerId: string; reason: string | null };

/**
 * Records an owner's no. When so many have rejected that the threshold is out of reach, the approval is REJECTED, its
 * batch too, and its nonce goes to another approval. Rejecting again with the same signer changes nothing.
 * @throws UserFaultsError with a code of APPROVAL_REJECT_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function approvalReject(
  context: RequestContext,
  input: ApprovalRejectInput,
): Promise<{ approvalId: string; eventCursor: string | null }> {
  if ((input.reason?.length ?? 0) > MAX_REASON_CHARACTERS) {
    refuse('REASON_TOO_LONG', `A reason has at most ${MAX_REASON_CHARACTERS} characters.`, [
      'input',
      'reason',
    ]);
  }
  const committed = await unitOfWork(context.log, async (work) => {
    const locked = await lockApproval(context, work.database, input.approvalId);
    const { approval } = locked;
    const signer = await findOwnSigner(work.database, input.signerId, locked);
    const earlier = await findDecision(work.database, approval.id, signer.address);
    if (earlier === 'REJECTED') return approval;
    if (earlier === 'GRANTED') {
      refuse(
        'ALREADY_GRANTED',
        'You have signed this approval with this signer, and a signature cannot be taken back.',
      );
    }
    if (approval.status === 'APPROVED') {
      refuse(
        'THRESHOLD_REACHED',
        'Enough owners have signed: anyone can execute it now. Cancel the batch instead.',
      );
    }
    if (approval.status !== 'PENDING') {
      refuse(
        'APPROVAL_NOT_OPEN',
        `This approval is ${approval.status.toLowerCase()}; it takes no more verdicts.`,
      );
    }
    await writeDecision(work, locked, signer, { verdict: 'REJECTED', reason: input.reason });
    await rejectOutOfReach(work, locked);
    return approval;
  });
  return {
    approvalId: committed.value.id,
    eventCursor: committed.eventCursor(committed.value.organizationId),
  };
}

async function rejectOutOfReach(
  work: UnitOfWork,
  { approval, batch, account }: LockedApproval,
): Promise<void> {
  const { rejected } = await work.database
    .selectFrom('approvalDecision')
    .select((eb) => eb.fn.countAll<bigint>().as('rejected'))
    .where('approvalId', '=', approval.id)
    .where('verdict', '=', 'REJECTED')
    .where('signerAddress', 'in', account.owners)
    .executeTakeFirstOrThrow();
  if (account.owners.length - Number(rejected) >= account.threshold) return;
  await changeApprovalStatus(work, approval, 'REJECTED');
  // What the question of a close held goes on.
  if (approval.kind === 'PAYOUT_CLOSE') await work.enqueue('batch.advance', { batchId: batch.id }, batch.id);
  if (approval.kind === 'PAYOUT_OPEN') {
    // Signatures given at another nonce can still open it.
    const canStillOpen = await isSignedElsewhere(work.database, approval);
    await changeBatchStatus(work, batch, canStillOpen ? 'CANCELLING' : 'REJECTED');
  }
  await closeNonceGaps(work, account.id);
}
