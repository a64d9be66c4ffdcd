import { type Address, zeroAddress } from 'viem';
import { refuse } from '../../core/errors.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import type { RequestContext } from '../requestContext.ts';
import { requireEvmAddress } from '../requireEvmAddress.ts';
import {
  checkNewAccount,
  createAccount,
  NEW_ACCOUNT_FAULTS,
  type NewAccountInput,
  type NewAccountResult,
  requireFewAccounts,
} from './newAccount.ts';

export const ACCOUNT_ADOPT_FAULTS = {
  ...NEW_ACCOUNT_FAULTS,
  ADDRESS_INVALID: 'This is no address, or its checksum says that it was mistyped.',
  ACCOUNT_EXISTS: 'The organization has this account already.',
} as const;

export type AccountAdoptInput = NewAccountInput & {
  /** Of the Safe; in EIP-55 form, or in one case. */
  address: string;
};

/**
 * Makes an existing Safe an account. It is OPENING at once; the indexer reads its storage and makes it ACTIVE, or REFUSED
 * with the faults that it found. The same Safe may be an account of other organizations: to refuse it would tell of them,
 * and would let anybody keep its owners from adopting it. Needs ACCOUNT_OPEN.
 * @throws UserFaultsError with a code of ACCOUNT_ADOPT_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function accountAdopt(
  context: RequestContext,
  input: AccountAdoptInput,
): Promise<NewAccountResult> {
  const name = await checkNewAccount(context, input);
  const address = requireSafeAddress(input.address);
  const { organizationId, chainId } = input;
  const request = { ...input, name, operation: 'accountAdopt', tells: [address] } as const;
  return createAccount(context, request, async ({ database }) => {
    await requireFewAccounts(database, organizationId);
    await requireUnknown(database, { organizationId, chainId, address });
    return { address, threshold: 0, owners: [], saltNonce: null };
  });
}

function requireSafeAddress(text: string): Address {
  const message = 'An address is 0x and 40 hexadecimal digits, and not zero. Check every digit.';
  const address = requireEvmAddress(text.trim(), { message });
  if (address === zeroAddress) refuse('ADDRESS_INVALID', message, ['input', 'address']);
  return address;
}

/** One that was refused may be looked at again. The organization is locked. */
async function requireUnknown(
  database: DatabaseTransaction,
  { organizationId, chainId, address }: { organizationId: string; chainId: string; address: Address },
): Promise<void> {
  const known = await database
    .selectFrom('account')
    .select('name')
    .where('organizationId', '=', organizationId)
    .where('chainId', '=', chainId)
    .where('address', '=', address)
    .where('status', '<>', 'REFUSED')
    .executeTakeFirst();
  if (known === undefined) return;
  refuse('ACCOUNT_EXISTS', `This Safe is the account “${known.name}” already.`, ['input', 'address']);
}
