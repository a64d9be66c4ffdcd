import type { Selectable } from 'kysely';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import type { SignerTable } from '../../prisma/generated/database.ts';
import type { LockedApproval } from './lockApproval.ts';

/** What this signer has decided; null while it has not. */
export async function findDecision(
  database: DatabaseTransaction,
  approvalId: string,
  signerAddress: string,
): Promise<'GRANTED' | 'REJECTED' | null> {
  const decision = await database
    .selectFrom('approvalDecision')
    .select('verdict')
    .where('approvalId', '=', approvalId)
    .where('signerAddress', '=', signerAddress)
    .executeTakeFirst();
  return decision?.verdict ?? null;
}

/** Writes what the viewer decides with a signer that has not decided yet, and tells the log. */
export async function writeDecision(
  work: UnitOfWork,
  { approval, viewer }: LockedApproval,
  signer: Selectable<SignerTable>,
  decision: { verdict: 'GRANTED'; signature: Buffer } | { verdict: 'REJECTED'; reason: string | null },
): Promise<void> {
  const { id: approvalId, organizationId, batchId: payoutBatchId } = approval;
  const { id: signerId, address: signerAddress } = signer;
  await work.database
    .insertInto('approvalDecision')
    .values({ approvalId, organizationId, signerAddress, signerId, userId: viewer.userId, ...decision })
    .execute();
  work.record({
    organizationId,
    type: 'APPROVAL_DECIDED',
    subjectId: approvalId,
    payload: { payoutBatchId, signerAddress, verdict: decision.verdict },
  });
}
