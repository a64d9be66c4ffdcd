import { type Address, getAddress, isAddress, zeroAddress } from 'viem';
import { refuse } from '../../core/errors.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { authorize } from '../authorize.ts';
import { createOnce } from '../createOnce.ts';
import { checkIdempotencyKey, hashInput } from '../idempotency.ts';
import type { RequestContext } from '../requestContext.ts';
import { NEW_ACCOUNT_FAULTS, requireAccountName, requireEvmChain, requireFewAccounts } from './newAccount.ts';

export const ACCOUNT_ADOPT_FAULTS = {
  ...NEW_ACCOUNT_FAULTS,
  ADDRESS_INVALID: 'This is no address, or its checksum says that it was mistyped.',
  ACCOUNT_EXISTS: 'The organization has this account already.',
} as const;

export type AccountAdoptInput = {
  organizationId: string;
  chainId: string;
  name: string;
  /** Of the Safe; in EIP-55 form, or in one case. */
  address: string;
  idempotencyKey: string;
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
): Promise<{ accountId: string; replayed: boolean; eventCursor: string | null }> {
  const { organizationId, chainId } = input;
  await authorize(context, context.log.database, organizationId, 'ACCOUNT_OPEN', 'The organization');
  checkIdempotencyKey(input.idempotencyKey);
  const name = requireAccountName(input.name);
  const address = requireAddress(input.address);
  const request = {
    scopeId: organizationId,
    operation: 'accountAdopt',
    key: input.idempotencyKey,
    inputHash: hashInput([chainId, name, address]),
  };
  const created = await createOnce(context, request, async (work, id) => {
    await requireEvmChain(work.database, chainId);
    await requireFewAccounts(work.database, organizationId);
    await requireUnknown(work.database, { organizationId, chainId, address });
    await work.database
      .insertInto('account')
      .values({
        id,
        organizationId,
        chainId,
        name,
        status: 'OPENING',
        custody: 'SAFE',
        address,
        threshold: 0,
        owners: [],
        saltNonce: null,
      })
      .execute();
  });
  return {
    accountId: created.objectId,
    replayed: created.replayed,
    eventCursor: created.eventCursor(organizationId),
  };
}

function requireAddress(text: string): Address {
  const address = text.trim();
  if (!isAddress(address) || getAddress(address) === zeroAddress) {
    refuse(
      'ADDRESS_INVALID',
      'An address is 0x and 40 hexadecimal digits, and not zero. Check every digit.',
      ['input', 'address'],
    );
  }
  return getAddress(address);
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
