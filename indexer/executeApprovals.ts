import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { APPROVAL_TRANSITIONS, changeApprovalStatus, isLiveApproval } from '../transitions/approvalStatus.ts';
import type { BlockFacts } from './blockFacts.ts';

/**
 * Marks what the chain executed, found by the Safe that executed it and the digest that was signed, whatever was thought
 * of it here. Any Safe's owners can make it emit anybody's digest: only its own account's approvals are looked at. Of
 * several with one digest, the live one was executed, else the newest. An EXPIRED close can still be executed and stays
 * EXPIRED: its vault tells the rest.
 */
export async function executeApprovals(
  work: UnitOfWork,
  chainId: string,
  { header, executions }: Pick<BlockFacts, 'header' | 'executions'>,
): Promise<void> {
  if (executions.length === 0) return;
  const newestFirst = await work.database
    .selectFrom('approval')
    .selectAll()
    .where('chainId', '=', chainId)
    .where(
      'digest',
      'in',
      executions.map((execution) => execution.digest),
    )
    .orderBy('id', 'desc')
    .execute();
  const approvalsOf = Map.groupBy(newestFirst, keyOf);
  for (const [key, execution] of new Map(executions.map((fact) => [keyOf(fact), fact]))) {
    const sameDigest = approvalsOf.get(key) ?? [];
    const approval = sameDigest.find(isLiveApproval) ?? sameDigest[0];
    if (approval === undefined || !APPROVAL_TRANSITIONS[approval.status].includes('EXECUTED')) continue;
    await changeApprovalStatus(work, approval, 'EXECUTED', {
      executedAtBlock: header.number,
      executedTransactionId: await findTransaction(work.database, chainId, execution.transactionHash),
    });
  }
}

function keyOf({ accountId, digest }: { accountId: string; digest: string }): string {
  return `${accountId} ${digest}`;
}

async function findTransaction(
  database: DatabaseTransaction,
  chainId: string,
  hash: string,
): Promise<string> {
  const { id } = await database
    .selectFrom('chainTransaction')
    .select('id')
    .where('chainId', '=', chainId)
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow();
  return id;
}
