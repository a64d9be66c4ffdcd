import { type Address, getAddress } from 'viem';
import { NotFoundError, refuse, required } from '../../core/errors.ts';
import { MAX_TITLE_CHARACTERS } from '../../core/limits.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { AccountStatus } from '../../prisma/generated/database.ts';
import { authorize } from '../authorize.ts';
import type { RequestContext, Viewer } from '../requestContext.ts';
import { textFault } from '../textFault.ts';

/** Why no batch can be made of an account and an asset, or under a title. */
export const BATCH_TARGET_FAULTS = {
  ACCOUNT_NOT_ACTIVE: 'The account does not stand on chain yet, was refused, or is closed.',
  ACCOUNT_UNSUPPORTED: 'Payouts are not available for this kind of account or on this chain.',
  ASSET_NOT_FOUND: 'There is no such asset.',
  ASSET_ON_OTHER_CHAIN: 'The asset is of another chain than the account.',
  ASSET_NATIVE: 'Native currency cannot be paid in a batch: a batch pays one ERC-20 token.',
  TITLE_INVALID: 'The title is blank or too long, or holds characters that cannot be shown in one line.',
} as const;

/** The account that pays and the asset it pays with, authorized but not yet checked for use. */
export type FoundTarget = {
  readonly viewer: Viewer;
  readonly organizationId: string;
  readonly account: {
    id: string;
    status: AccountStatus;
    isSafe: boolean;
    address: string;
    chainId: string;
  };
  readonly chain: {
    name: string;
    eip155ChainId: bigint | null;
    factoryAddress: string | null;
    vaultImplementation: string | null;
  };
  readonly asset: { id: string; chainId: string; symbol: string; decimals: number; address: string | null };
};

/** An account, an asset and a chain on which a batch can be paid. Addresses in EIP-55 form. */
export type BatchTarget = {
  readonly organizationId: string;
  readonly accountId: string;
  readonly chainId: string;
  readonly assetId: string;
  readonly eip155ChainId: number;
  readonly chainName: string;
  readonly payer: Address;
  readonly token: Address;
  readonly assetSymbol: string;
  readonly decimals: number;
  readonly factory: Address;
  readonly implementation: Address;
};

/**
 * Finds account and asset for a viewer who may create batches.
 * @param at where the input names them; so for the functions below
 * @throws NotFoundError, ForbiddenError, UnauthenticatedError; UserFaultsError ASSET_NOT_FOUND
 */
export async function findTarget(
  context: RequestContext,
  database: Queryable,
  input: { accountId: string; assetId: string },
  at: readonly string[] = ['input'],
): Promise<FoundTarget> {
  const account = await database
    .selectFrom('account')
    .select(['id', 'organizationId', 'status', 'custody', 'address', 'chainId'])
    .where('id', '=', input.accountId)
    .executeTakeFirst();
  const what = 'The account';
  if (account === undefined) throw new NotFoundError(what);
  const viewer = await authorize(context, database, account.organizationId, 'BATCH_CREATE', what);
  const asset = await database
    .selectFrom('asset')
    .select(['id', 'chainId', 'symbol', 'decimals', 'address'])
    .where('id', '=', input.assetId)
    .executeTakeFirst();
  if (asset === undefined) refuse('ASSET_NOT_FOUND', 'There is no such asset.', [...at, 'assetId']);
  const chain = await database
    .selectFrom('chain')
    .select(['name', 'eip155ChainId', 'factoryAddress', 'vaultImplementation'])
    .where('id', '=', account.chainId)
    .executeTakeFirstOrThrow();
  return {
    viewer,
    organizationId: account.organizationId,
    account: { ...account, isSafe: account.custody === 'SAFE' },
    chain,
    asset: required(asset, 'The asset'),
  };
}

const INACTIVE: Record<Exclude<AccountStatus, 'ACTIVE'>, string> = {
  OPENING: 'does not stand on chain yet',
  CLOSED: 'is closed',
  REFUSED: 'was refused',
};

/** Refuses an account that cannot pay now. @throws UserFaultsError ACCOUNT_NOT_ACTIVE */
export function requireActive({ account }: FoundTarget, at: readonly string[] = ['input']): void {
  if (account.status === 'ACTIVE') return;
  const message = `The account ${INACTIVE[account.status]}; it cannot pay.`;
  refuse('ACCOUNT_NOT_ACTIVE', message, [...at, 'accountId']);
}

/**
 * Refuses an account and an asset that no batch can ever be made of.
 * @throws UserFaultsError with a code of BATCH_TARGET_FAULTS
 */
export function requireTarget(
  { organizationId, account, chain, asset }: FoundTarget,
  at: readonly string[] = ['input'],
): BatchTarget {
  const atAccount = [...at, 'accountId'];
  const atAsset = [...at, 'assetId'];
  const { eip155ChainId, factoryAddress, vaultImplementation } = chain;
  if (!account.isSafe || eip155ChainId === null || factoryAddress === null || vaultImplementation === null) {
    refuse('ACCOUNT_UNSUPPORTED', `Payouts are not available for this account on ${chain.name}.`, atAccount);
  }
  if (asset.chainId !== account.chainId) {
    refuse(
      'ASSET_ON_OTHER_CHAIN',
      `${asset.symbol} is not an asset of ${chain.name}, the account’s chain.`,
      atAsset,
    );
  }
  if (asset.address === null) {
    const message = `${asset.symbol} is the native currency of ${chain.name}. A batch pays one ERC-20 token: its vault could not hold native currency back for a recipient that refuses it.`;
    refuse('ASSET_NATIVE', message, atAsset);
  }
  return {
    organizationId,
    accountId: account.id,
    chainId: account.chainId,
    assetId: asset.id,
    eip155ChainId: Number(required(eip155ChainId, 'The chain’s EIP-155 id')),
    chainName: chain.name,
    payer: getAddress(account.address),
    token: getAddress(required(asset.address, 'The token’s address')),
    assetSymbol: asset.symbol,
    decimals: asset.decimals,
    factory: getAddress(required(factoryAddress, 'The vault factory')),
    implementation: getAddress(required(vaultImplementation, 'The vault implementation')),
  };
}

const TITLE_MESSAGES = {
  LENGTH: `A title has 1 to ${MAX_TITLE_CHARACTERS} characters in one line.`,
  CHARACTERS:
    'The title holds line breaks, control characters or ones that reverse its direction. Type it again in one line.',
};

/** A title as it is stored: trimmed. @throws UserFaultsError TITLE_INVALID */
export function requireTitle(title: string): string {
  const trimmed = title.trim();
  const fault = textFault(trimmed, { maxCharacters: MAX_TITLE_CHARACTERS });
  if (fault !== null) refuse('TITLE_INVALID', TITLE_MESSAGES[fault], ['input', 'title']);
  return trimmed;
}
