import { NotFoundError, refuse } from '../../core/errors.ts';
import { MAX_NAME_CHARACTERS } from '../../core/limits.ts';
import type { DatabaseTransaction, Queryable } from '../../prisma/database.ts';
import { isLine } from '../isLine.ts';

export const MAX_ACCOUNTS_PER_ORGANIZATION = 100;
/** The relayer pays for each, and the indexer looks out for it: what does not stand yet is kept small. */
export const MAX_OPENING_ACCOUNTS_PER_ORGANIZATION = 5;
/** What could not be adopted stays to be read; it keeps nobody from opening accounts. */
export const MAX_REFUSED_ACCOUNTS_PER_ORGANIZATION = 100;

/** Why there cannot be a new account, whether it is opened or adopted. */
export const NEW_ACCOUNT_FAULTS = {
  NAME_INVALID: 'The name is blank or too long, or holds characters that cannot be shown in one line.',
  CHAIN_NOT_SUPPORTED: 'There are no accounts on this chain.',
  TOO_MANY_ACCOUNTS:
    'An organization cannot have so many accounts, or so many that are still being opened, or that were refused.',
  IDEMPOTENCY_KEY_INVALID: 'The idempotency key is blank or too long.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used before, with other input.',
} as const;

/** A name as it is stored: trimmed. @throws UserFaultsError NAME_INVALID */
export function requireAccountName(text: string): string {
  const name = text.trim();
  if (!isLine(name, MAX_NAME_CHARACTERS)) {
    const message = `A name has 1 to ${MAX_NAME_CHARACTERS} characters in one line, none of which reverses its direction.`;
    refuse('NAME_INVALID', message, ['input', 'name']);
  }
  return name;
}

/** @throws NotFoundError; UserFaultsError CHAIN_NOT_SUPPORTED */
export async function requireEvmChain(database: Queryable, chainId: string): Promise<void> {
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
