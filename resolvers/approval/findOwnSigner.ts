import type { Selectable } from 'kysely';
import { refuse } from '../../core/errors.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { SignerTable } from '../../prisma/generated/database.ts';
import type { LockedApproval } from './lockApproval.ts';

/**
 * The viewer's signer that decides, checked to be an owner of the account on chain.
 * @throws UserFaultsError SIGNER_NOT_FOUND, SIGNER_NOT_OWNER
 */
export async function findOwnSigner(
  database: Queryable,
  signerId: string,
  { account, viewer }: LockedApproval,
): Promise<Selectable<SignerTable>> {
  const path = ['input', 'signerId'];
  const signer = await database
    .selectFrom('signer')
    .selectAll()
    .where('id', '=', signerId)
    .where('userId', '=', viewer.userId)
    .executeTakeFirst();
  if (signer === undefined) return refuse('SIGNER_NOT_FOUND', 'This is not one of your signers.', path);
  if (!account.owners.includes(signer.address)) {
    refuse('SIGNER_NOT_OWNER', 'This signer is not an owner of the account on chain.', path);
  }
  return signer;
}
