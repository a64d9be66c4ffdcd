import { randomBytes } from 'node:crypto';
import { type Address, getAddress } from 'viem';
import { safeAddress } from '../../chains/evm/codec/safeAddress.ts';
import { NotFoundError, refuse } from '../../core/errors.ts';
import { MAX_APPROVERS_PER_ACCOUNT, MAX_NAME_CHARACTERS } from '../../core/limits.ts';
import { permissionsOf, type Role } from '../../core/permissions.ts';
import type { DatabaseTransaction, Queryable } from '../../prisma/database.ts';
import { authorize } from '../authorize.ts';
import { createOnce } from '../createOnce.ts';
import { checkIdempotencyKey, hashInput } from '../idempotency.ts';
import { isLine } from '../isLine.ts';
import type { RequestContext } from '../requestContext.ts';

export const MAX_ACCOUNTS_PER_ORGANIZATION = 100;
/** The relayer pays for each, and the indexer looks out for it: what nobody has deployed yet is kept small. */
export const MAX_OPENING_ACCOUNTS_PER_ORGANIZATION = 5;

export const ACCOUNT_OPEN_FAULTS = {
  NAME_INVALID: 'The name is blank or too long.',
  CHAIN_NOT_SUPPORTED: 'Accounts cannot be opened on this chain.',
  APPROVERS_EMPTY: 'An account needs an approver.',
  TOO_MANY_APPROVERS: 'An account cannot have so many approvers.',
  APPROVER_DUPLICATE: 'An approver is there twice.',
  APPROVER_NOT_FOUND: 'An approver is not a key of a member of the organization.',
  APPROVER_WITHOUT_ROLE: 'An approver’s member does not hold the role APPROVER.',
  THRESHOLD_OUT_OF_RANGE: 'The threshold is not between 1 and the number of approvers.',
  TOO_MANY_ACCOUNTS: 'An organization cannot have so many accounts, or so many that are still being opened.',
  IDEMPOTENCY_KEY_INVALID: 'The idempotency key is blank or too long.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used before, with other input.',
} as const;

export type AccountOpenInput = {
  organizationId: string;
  chainId: string;
  name: string;
  /** In the order in which they become owners. */
  approverSignerIds: readonly string[];
  threshold: number;
  idempotencyKey: string;
};

/**
 * Opens an account: a Safe whose owners are the approvers. It is OPENING at once, at the address that follows from its
 * owners, threshold and salt; the worker deploys it. Needs ACCOUNT_OPEN.
 * @throws UserFaultsError with a code of ACCOUNT_OPEN_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function accountOpen(
  context: RequestContext,
  input: AccountOpenInput,
): Promise<{ accountId: string; replayed: boolean; eventCursor: string | null }> {
  const { database } = context.log;
  await authorize(context, database, input.organizationId, 'ACCOUNT_OPEN', 'The organization');
  checkIdempotencyKey(input.idempotencyKey);
  const name = requireName(input.name);
  requireApproverCount(input);
  const request = {
    scopeId: input.organizationId,
    operation: 'accountOpen',
    key: input.idempotencyKey,
    inputHash: hashInput([input.chainId, name, ...input.approverSignerIds, `${input.threshold}`]),
  };
  const created = await createOnce(context, request, async (work, id) => {
    await requireEvmChain(work.database, input.chainId);
    const owners = await findOwners(work.database, input);
    await requireFewAccounts(work.database, input.organizationId);
    const saltNonce = BigInt(`0x${randomBytes(32).toString('hex')}`);
    await work.database
      .insertInto('account')
      .values({
        id,
        organizationId: input.organizationId,
        chainId: input.chainId,
        name,
        status: 'OPENING',
        custody: 'SAFE',
        address: safeAddress({ owners, threshold: input.threshold, saltNonce }),
        threshold: input.threshold,
        owners,
        saltNonce,
      })
      .execute();
    await work.enqueue('account.deploy', { accountId: id }, id);
  });
  return {
    accountId: created.objectId,
    replayed: created.replayed,
    eventCursor: created.eventCursor(input.organizationId),
  };
}

function requireName(text: string): string {
  const name = text.trim();
  if (!isLine(name, MAX_NAME_CHARACTERS)) {
    const message = `A name has 1 to ${MAX_NAME_CHARACTERS} characters in one line.`;
    refuse('NAME_INVALID', message, ['input', 'name']);
  }
  return name;
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

async function requireEvmChain(database: Queryable, chainId: string): Promise<void> {
  const chain = await database
    .selectFrom('chain')
    .select(['name', 'family'])
    .where('id', '=', chainId)
    .executeTakeFirst();
  if (chain === undefined) throw new NotFoundError('The chain');
  if (chain.family !== 'EVM') {
    refuse('CHAIN_NOT_SUPPORTED', `Accounts cannot be opened on ${chain.name}.`, ['input', 'chainId']);
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

async function requireFewAccounts(database: DatabaseTransaction, organizationId: string): Promise<void> {
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
    .limit(MAX_ACCOUNTS_PER_ORGANIZATION)
    .execute();
  if (accounts.length >= MAX_ACCOUNTS_PER_ORGANIZATION) {
    refuse('TOO_MANY_ACCOUNTS', `An organization has at most ${MAX_ACCOUNTS_PER_ORGANIZATION} accounts.`);
  }
  const opening = accounts.filter(({ status }) => status === 'OPENING');
  if (opening.length >= MAX_OPENING_ACCOUNTS_PER_ORGANIZATION) {
    refuse(
      'TOO_MANY_ACCOUNTS',
      `At most ${MAX_OPENING_ACCOUNTS_PER_ORGANIZATION} accounts open at once. Wait until one is ACTIVE.`,
    );
  }
}
