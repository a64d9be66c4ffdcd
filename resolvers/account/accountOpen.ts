import { randomBytes } from 'node:crypto';
import { type Address, getAddress } from 'viem';
import { safeAddress } from '../../chains/evm/codec/safeAddress.ts';
import { refuse } from '../../core/errors.ts';
import { MAX_APPROVERS_PER_ACCOUNT } from '../../core/limits.ts';
import { permissionsOf, type Role } from '../../core/permissions.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import type { RequestContext } from '../requestContext.ts';
import {
  checkNewAccount,
  createAccount,
  NEW_ACCOUNT_FAULTS,
  type NewAccountInput,
  type NewAccountResult,
  requireFewAccounts,
} from './newAccount.ts';

export const ACCOUNT_OPEN_FAULTS = {
  ...NEW_ACCOUNT_FAULTS,
  APPROVERS_EMPTY: 'An account needs an approver.',
  TOO_MANY_APPROVERS: 'An account cannot have so many approvers.',
  APPROVER_DUPLICATE: 'An approver is there twice.',
  APPROVER_NOT_FOUND: 'An approver is not a key of a member of the organization.',
  APPROVER_WITHOUT_ROLE: 'An approver’s member does not hold the role APPROVER.',
  THRESHOLD_OUT_OF_RANGE: 'The threshold is not between 1 and the number of approvers.',
} as const;

export type AccountOpenInput = NewAccountInput & {
  /** In the order in which they become owners. */
  approverSignerIds: readonly string[];
  threshold: number;
};

/**
 * Opens an account: a Safe whose owners are the approvers. It is OPENING at once, at the address that follows from its
 * owners, threshold and salt; the worker deploys it. Needs ACCOUNT_OPEN.
 * @throws UserFaultsError with a code of ACCOUNT_OPEN_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function accountOpen(
  context: RequestContext,
  input: AccountOpenInput,
): Promise<NewAccountResult> {
  const name = await checkNewAccount(context, input);
  requireApproverCount(input);
  const { threshold, approverSignerIds } = input;
  const tells = [...approverSignerIds, `${threshold}`];
  return createAccount(
    context,
    { ...input, name, operation: 'accountOpen', tells },
    async (work, accountId) => {
      const owners = await findOwners(work.database, input);
      await requireFewAccounts(work.database, input.organizationId);
      await work.enqueue('account.deploy', { accountId }, accountId);
      const saltNonce = BigInt(`0x${randomBytes(32).toString('hex')}`);
      return { address: safeAddress({ owners, threshold, saltNonce }), threshold, owners, saltNonce };
    },
  );
}

function requireApproverCount({ approverSignerIds, threshold }: AccountOpenInput): void {
  const path = ['input', 'approverSignerIds'];
  const count = approverSignerIds.length;
  if (count === 0) refuse('APPROVERS_EMPTY', 'Name at least one approver.', path);
  if (count > MAX_APPROVERS_PER_ACCOUNT) {
    refuse('TOO_MANY_APPROVERS', `An account has at most ${MAX_APPROVERS_PER_ACCOUNT} approvers.`, path);
  }
  if (new Set(approverSignerIds).size !== count) {
    refuse('APPROVER_DUPLICATE', 'Each approver is named once.', path);
  }
  if (threshold < 1 || threshold > count) {
    refuse('THRESHOLD_OUT_OF_RANGE', `The threshold is 1 to ${count}, the number of approvers.`, [
      'input',
      'threshold',
    ]);
  }
}

/** The approvers' addresses, in the order asked for. */
async function findOwners(
  database: DatabaseTransaction,
  { organizationId, approverSignerIds }: AccountOpenInput,
): Promise<Address[]> {
  const rows = await database
    .selectFrom('signer')
    .innerJoin('membership', 'membership.userId', 'signer.userId')
    .select(['signer.id', 'signer.address', 'membership.roles'])
    .where('membership.organizationId', '=', organizationId)
    .where('signer.id', 'in', [...approverSignerIds])
    .execute();
  return approverSignerIds.map((signerId, index) => {
    const path = ['input', 'approverSignerIds', `${index}`];
    const row = rows.find(({ id }) => id === signerId);
    if (row === undefined) {
      return refuse('APPROVER_NOT_FOUND', 'This is not a key of a member of the organization.', path);
    }
    if (!permissionsOf(row.roles as Role[]).includes('APPROVAL_DECIDE')) {
      refuse('APPROVER_WITHOUT_ROLE', `The owner of ${row.address} does not hold the role APPROVER.`, path);
    }
    return getAddress(row.address);
  });
}
