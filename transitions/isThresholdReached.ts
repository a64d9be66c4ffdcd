import type { DatabaseTransaction } from '../prisma/database.ts';
import type { ApprovalRow } from './approvalStatus.ts';

/** Whether as many of these owners as the threshold asks for have signed an approval. Others' signatures do not count. */
export async function isThresholdReached(
  database: DatabaseTransaction,
  approval: Pick<ApprovalRow, 'id'>,
  account: { readonly owners: readonly string[]; readonly threshold: number },
): Promise<boolean> {
  const { granted } = await database
    .selectFrom('approvalDecision')
    .select((eb) => eb.fn.countAll<bigint>().as('granted'))
    .where('approvalId', '=', approval.id)
    .where('verdict', '=', 'GRANTED')
    .where('signerAddress', 'in', [...account.owners])
    .executeTakeFirstOrThrow();
  return granted >= BigInt(account.threshold);
}
