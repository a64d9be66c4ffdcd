import { NotFoundError, refuse } from '../../core/errors.ts';
import { MAX_SPLIT_ACCOUNTS_PER_IMPORT } from '../../core/limits.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { RequestContext } from '../requestContext.ts';
import { type FoundTarget, findTarget } from './batchTarget.ts';

/** From where destinations of payees are paid that are of another asset than the import's. */
export type SplitAccount = { readonly accountId: string; readonly assetId: string };

export const SPLIT_ACCOUNT_FAULTS = {
  SPLIT_ASSET_DUPLICATE: 'An asset is named twice: there must be one account to pay it from.',
  TOO_MANY_SPLIT_ACCOUNTS: 'More split accounts are named than allowed.',
} as const;

/** Where the input names a split account. */
export function splitAccountPath(index: number): readonly string[] {
  return ['input', 'splitAccounts', String(index)];
}

/**
 * Finds accounts and assets of the import's own organization, in their order.
 * @throws UserFaultsError NOT_FOUND, ASSET_NOT_FOUND or a code of SPLIT_ACCOUNT_FAULTS, at the entry's path
 */
export async function findSplitTargets(
  context: RequestContext,
  database: Queryable,
  main: FoundTarget,
  accounts: readonly SplitAccount[],
): Promise<FoundTarget[]> {
  if (accounts.length > MAX_SPLIT_ACCOUNTS_PER_IMPORT) {
    const message = `At most ${MAX_SPLIT_ACCOUNTS_PER_IMPORT} split accounts can be named.`;
    refuse('TOO_MANY_SPLIT_ACCOUNTS', message, ['input', 'splitAccounts']);
  }
  const taken = new Set([main.asset.id]);
  const targets: FoundTarget[] = [];
  for (const [index, account] of accounts.entries()) {
    const at = splitAccountPath(index);
    if (taken.has(account.assetId)) {
      const message = 'This asset is paid from another account already.';
      refuse('SPLIT_ASSET_DUPLICATE', message, [...at, 'assetId']);
    }
    taken.add(account.assetId);
    const target = await findOrNull(context, database, account, at);
    if (target?.organizationId !== main.organizationId) {
      refuse('NOT_FOUND', new NotFoundError('The account').message, [...at, 'accountId']);
    }
    targets.push(target);
  }
  return targets;
}

async function findOrNull(
  context: RequestContext,
  database: Queryable,
  account: SplitAccount,
  at: readonly string[],
): Promise<FoundTarget | null> {
  try {
    return await findTarget(context, database, account, at);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
