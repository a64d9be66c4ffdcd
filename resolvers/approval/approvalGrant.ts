import { getAddress, type Hex } from 'viem';
import { recoverSafeSigner, SafeSignatureError } from '../../chains/evm/codec/recoverSafeSigner.ts';
import { refuse } from '../../core/errors.ts';
import { type UnitOfWork, unitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { type ApprovalRow, changeApprovalStatus, isLiveApproval } from '../../transitions/approvalStatus.ts';
import { isThresholdReached } from '../../transitions/isThresholdReached.ts';
import { changeBatchStatus } from '../../transitions/payoutBatchStatus.ts';
import type { RequestContext } from '../requestContext.ts';
import { findOwnSigner } from './findOwnSigner.ts';
import { type LockedApproval, lockApproval } from './lockApproval.ts';
import { separatesViewer } from './separatesViewer.ts';
import { findDecision, writeDecision } from './writeDecision.ts';

export const APPROVAL_GRANT_FAULTS = [
  'SIGNER_NOT_FOUND',
  'SIGNER_NOT_OWNER',
  'SIGNATURE_INVALID',
  'SIGNATURE_OF_ANOTHER_KEY',
  'APPROVAL_NOT_OPEN',
  'APPROVAL_EXPIRED',
  'ALREADY_REJECTED',
  'DUTIES_SEPARATED',
] as const;

export type ApprovalGrantInput = {
  approvalId: string;
  /** The viewer's signer that signed. */
  signerId: string;
  /** 65 bytes over the Safe transaction's EIP-712 hash, by a wallet's key. */
  signature: Hex;
};

/**
 * Records an owner's signature over an approval's digest. With the last one that the account's threshold asks for, the
 * approval is APPROVED and the payout engine starts. Granting again with the same signer changes nothing.
 * @throws UserFaultsError with a code of APPROVAL_GRANT_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function approvalGrant(
  context: RequestContext,
  input: ApprovalGrantInput,
): Promise<{ approvalId: string; eventCursor: string | null }> {
  const committed = await unitOfWork(context.log, async (work) => {
    const locked = await lockApproval(context, work.database, input.approvalId);
    const { approval } = locked;
    const signer = await findOwnSigner(work.database, input.signerId, locked);
    const earlier = await findDecision(work.database, approval.id, signer.address);
    if (earlier === 'GRANTED') return approval;
    if (earlier === 'REJECTED') {
      refuse('ALREADY_REJECTED', 'You have rejected this approval with this signer. A verdict stands.');
    }
    requireOpen(approval);
    await requireOtherDuty(context, work.database, approval.id);
    await requireSignature(input.signature, approval, signer.address);
    const signature = Buffer.from(input.signature.slice(2), 'hex');
    await writeDecision(work, locked, signer, { verdict: 'GRANTED', signature });
    await work.database
      .updateTable('signer')
      .set({ lastUsedAt: new Date() })
      .where('id', '=', signer.id)
      .execute();
    await approveAtThreshold(work, locked);
    return approval;
  });
  return {
    approvalId: committed.value.id,
    eventCursor: committed.eventCursor(committed.value.organizationId),
  };
}

function requireOpen(approval: ApprovalRow): void {
  if (!isLiveApproval(approval)) {
    refuse(
      'APPROVAL_NOT_OPEN',
      `This approval is ${approval.status.toLowerCase()}; it takes no more signatures.`,
    );
  }
  if (approval.expiresAt.getTime() <= Date.now()) {
    refuse('APPROVAL_EXPIRED', 'The time to open this batch is over: the chain would refuse it.');
  }
}

/** Only what is granted here can be refused here: an owner's wallet signs in any Safe tool. */
async function requireOtherDuty(
  context: RequestContext,
  database: DatabaseTransaction,
  approvalId: string,
): Promise<void> {
  const separated = await database
    .selectFrom('approval')
    .select('id')
    .where('id', '=', approvalId)
    .where(separatesViewer(context))
    .executeTakeFirst();
  if (separated !== undefined) {
    refuse(
      'DUTIES_SEPARATED',
      'You made, submitted or cancelled this batch: this organization wants somebody else to approve it. You may reject it.',
    );
  }
}

async function requireSignature(signature: Hex, approval: ApprovalRow, address: string): Promise<void> {
  const path = ['input', 'signature', 'wallet'];
  let signedBy: string;
  try {
    signedBy = await recoverSafeSigner(signature, approval.digest as Hex);
  } catch (error) {
    if (error instanceof SafeSignatureError) refuse('SIGNATURE_INVALID', error.message, path);
    throw error;
  }
  if (getAddress(signedBy) !== address) {
    refuse(
      'SIGNATURE_OF_ANOTHER_KEY',
      `The signature was made by ${signedBy}, or over another digest: this signer is ${address}.`,
      path,
    );
  }
}

/** Counts only signatures of those who are owners on chain now. */
async function approveAtThreshold(
  work: UnitOfWork,
  { approval, batch, account }: LockedApproval,
): Promise<void> {
  if (approval.status !== 'PENDING') return;
  if (!(await isThresholdReached(work.database, approval, account))) return;
  await changeApprovalStatus(work, approval, 'APPROVED');
  if (approval.kind === 'PAYOUT_OPEN' && batch.status === 'PENDING_APPROVAL') {
    await changeBatchStatus(work, batch, 'APPROVED');
  }
  await work.enqueue('batch.advance', { batchId: batch.id }, batch.id);
}
