import type { Insertable } from 'kysely';
import { NotFoundError, refuse } from '../../core/errors.ts';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction, Queryable } from '../../prisma/database.ts';
import type { AccountTable } from '../../prisma/generated/database.ts';
import { authorize } from '../authorize.ts';
import { createOnce } from '../createOnce.ts';
import { checkIdempotencyKey, hashInput, IDEMPOTENCY_FAULTS } from '../idempotency.ts';
import type { RequestContext } from '../requestContext.ts';
import { NAME_FAULTS, requireName } from '../requireName.ts';

export const MAX_ACCOUNTS_PER_ORGANIZATION = 100;
/** The relayer pays for each, and the indexer looks out for it: what does not stand yet is kept small. */
export const MAX_OPENING_ACCOUNTS_PER_ORGANIZATION = 5;
/** What could not be adopted stays to be read; it keeps nobody from opening accounts. */
export const MAX_REFUSED_ACCOUNTS_PER_ORGANIZATION = 100;

/** Why there cannot be a new account, whether it is opened or adopted. */
export const NEW_ACCOUNT_FAULTS = {
  ...NAME_FAULTS,
  CHAIN_NOT_SUPPORTED: 'There are no accounts on this chain.',
  TOO_MANY_ACCOUNTS:
    'An organization cannot have so many accounts, or so many that are still being opened, or that were refused.',
  ...IDEMPOTENCY_FAULTS,
} as const;

export type NewAccountInput = {
  organizationId: string;
  chainId: string;
  name: string;
  idempotencyKey: string;
};

export type NewAccountResult = { accountId: string; replayed: boolean; eventCursor: string | null };

/** What stands, or is to stand, on chain. */
type NewSafe = Pick<Insertable<AccountTable>, 'address' | 'threshold' | 'owners' | 'saltNonce'>;

/**
 * Checks what does not depend on how the account comes about. Needs ACCOUNT_OPEN.
 * @returns its name as it is stored
 * @throws UserFaultsError IDEMPOTENCY_KEY_INVALID, NAME_INVALID; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function checkNewAccount(context: RequestContext, input: NewAccountInput): Promise<string> {
  const { database } = context.log;
  await authorize(context, database, input.organizationId, 'ACCOUNT_OPEN', 'The organization');
  checkIdempotencyKey(input.idempotencyKey);
  return requireName(input.name);
}

/**
 * Makes an account that is OPENING, unless the request's key has made one already.
 * @param request.name as it is stored
 * @param request.tells what makes this Safe another one than others of this name and chain
 * @param makeSafe checks, in the transaction that makes the account, that there can be one
 * @throws UserFaultsError CHAIN_NOT_SUPPORTED, IDEMPOTENCY_KEY_REUSED; NotFoundError; and whatever `makeSafe` throws
 */
export async function createAccount(
  context: RequestContext,
  request: NewAccountInput & { operation: 'accountOpen' | 'accountAdopt'; tells: readonly string[] },
  makeSafe: (work: UnitOfWork, accountId: string) => Promise<NewSafe>,
): Promise<NewAccountResult> {
  const { organizationId, chainId, name, operation, tells } = request;
  const once = {
    scopeId: organizationId,
    operation,
    key: request.idempotencyKey,
    inputHash: hashInput([chainId, name, ...tells]),
  };
  const created = await createOnce(context, once, async (work, id) => {
    await requireEvmChain(work.database, chainId);
    const safe = await makeSafe(work, id);
    await work.database
      .insertInto('account')
      .values({ id, organizationId, chainId, name, status: 'OPENING', custody: 'SAFE', ...safe })
      .execute();
  });
  return {
    accountId: created.objectId,
    replayed: created.replayed,
    eventCursor: created.eventCursor(organizationId),
  };
}

/** @throws NotFoundError; UserFaultsError CHAIN_NOT_SUPPORTED */
async function requireEvmChain(database: Queryable, chainId: string): Promise<void> {
  const chain = await database
    .selectFrom('chain')
    .select(['name', 'family'])
    .where('id', '=', chainId)
    .executeTakeFirst();
  if (chain === undefined) throw new NotFoundError('The chain');
  if (chain.family !== 'EVM') {
    refuse('CHAIN_NOT_SUPPORTED', `There are no accounts on ${chain.name}.`, ['input', 'chainId']);
  }
}

/**
 * Refuses one more account of an organization than there may be, and keeps others from making one until this transaction
 * ends. @throws UserFaultsError TOO_MANY_ACCOUNTS
 */
export async function requireFewAccounts(
  database: DatabaseTransaction,
  organizationId: string,
): Promise<void> {
  await database
    .selectFrom('organization')
    .select('id')
    .where('id', '=', organizationId)
    .forUpdate()
    .execute();
  const accounts = await database
    .selectFrom('account')
    .select('status')
    .where('organizationId', '=', organizationId)
    .limit(MAX_ACCOUNTS_PER_ORGANIZATION + MAX_REFUSED_ACCOUNTS_PER_ORGANIZATION)
    .execute();
  const refused = accounts.filter(({ status }) => status === 'REFUSED').length;
  if (accounts.length - refused >= MAX_ACCOUNTS_PER_ORGANIZATION) {
    refuse('TOO_MANY_ACCOUNTS', `An organization has at most ${MAX_ACCOUNTS_PER_ORGANIZATION} accounts.`);
  }
  const opening = accounts.filter(({ status }) => status === 'OPENING');
  if (opening.length >= MAX_OPENING_ACCOUNTS_PER_ORGANIZATION) {
    refuse(
      'TOO_MANY_ACCOUNTS',
      `At most ${MAX_OPENING_ACCOUNTS_PER_ORGANIZATION} accounts open at once. Wait until one is ACTIVE.`,
    );
  }
  if (refused >= MAX_REFUSED_ACCOUNTS_PER_ORGANIZATION) {
    refuse('TOO_MANY_ACCOUNTS', `${refused} accounts of the organization were refused; no more can be.`);
  }
}
