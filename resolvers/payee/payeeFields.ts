import { getAddress, zeroAddress } from 'viem';
import { refuse, type UserFault, UserFaultsError } from '../../core/errors.ts';
import { MAX_DESTINATIONS_PER_PAYEE } from '../../core/limits.ts';
import { AmountError, parseAmount } from '../../core/money.ts';
import { checkRecipient } from '../../payroll/checks/checkRecipient.ts';
import { checkReference } from '../../payroll/checks/checkText.ts';
import { PAYOUT_ISSUES } from '../../payroll/checks/payoutIssue.ts';
import type { Queryable } from '../../prisma/database.ts';
import { NAME_FAULTS } from '../requireName.ts';
import { WHOLE_MILLIONTHS } from './splitAmount.ts';

const SHARE_DECIMALS = 6;

const addressFault = (code: keyof typeof PAYOUT_ISSUES) => PAYOUT_ISSUES[code].description;

/** What can be wrong with a payee. */
export const PAYEE_FAULTS = {
  ...NAME_FAULTS,
  REFERENCE_INVALID: 'The reference is blank, too long or holds characters that cannot be shown.',
  REFERENCE_TAKEN: 'Another payee of the organization has this reference.',
  DESTINATIONS_MISSING: 'The payee has no destination.',
  TOO_MANY_DESTINATIONS: 'The payee has more destinations than allowed.',
  DESTINATION_DUPLICATE: 'The same address is there twice for the same asset.',
  ASSET_NOT_FOUND: 'There is no such asset.',
  ASSET_NATIVE: 'Native currency cannot be paid in a batch, so nobody can be paid in it.',
  CHAIN_UNSUPPORTED: 'Payouts are not available on this chain.',
  SHARE_INVALID: 'A share is more than 0 and at most 1, with at most 6 decimals.',
  SHARES_NOT_ONE: 'The shares do not add up to exactly 1.',
  ADDRESS_CHECKSUM: addressFault('ADDRESS_CHECKSUM'),
  ADDRESS_MALFORMED: addressFault('ADDRESS_MALFORMED'),
  ADDRESS_OTHER_CHAIN: addressFault('ADDRESS_OTHER_CHAIN'),
  RECIPIENT_ZERO: addressFault('RECIPIENT_ZERO'),
  RECIPIENT_TOKEN: addressFault('RECIPIENT_TOKEN'),
  RECIPIENT_FACTORY: addressFault('RECIPIENT_FACTORY'),
} as const;

/** A destination as somebody wrote it; `share` is a decimal number such as "0.25". */
export type DestinationText = { assetId: string; address: string; share: string };

export type Destination = {
  chainId: string;
  assetId: string;
  /** In EIP-55 form. */
  address: string;
  shareMillionths: number;
};

/** A reference as it is stored; what is a fault in a file is one here. @throws UserFaultsError REFERENCE_INVALID */
export function requirePayeeReference(text: string): string {
  const reference = text.trim();
  const fault = reference === '' ? { message: 'A payee has a reference.' } : checkReference(reference);
  if (fault !== null) refuse('REFERENCE_INVALID', fault.message, ['input', 'reference']);
  return reference;
}

/**
 * Checks all destinations of a payee.
 * @throws UserFaultsError with every fault, at paths such as input.destinations.2.address
 */
export async function requireDestinations(
  database: Queryable,
  texts: readonly DestinationText[],
): Promise<Destination[]> {
  const at = ['input', 'destinations'];
  if (texts.length === 0) refuse('DESTINATIONS_MISSING', 'A payee has at least one destination.', at);
  if (texts.length > MAX_DESTINATIONS_PER_PAYEE) {
    refuse('TOO_MANY_DESTINATIONS', `A payee has at most ${MAX_DESTINATIONS_PER_PAYEE} destinations.`, at);
  }
  const assets = await findAssets(database, texts);
  const faults: UserFault[] = [];
  const found: Destination[] = [];
  for (const [index, text] of texts.entries()) {
    const report = (field: string, code: keyof typeof PAYEE_FAULTS, message: string) =>
      faults.push({ code, message, path: [...at, String(index), field] });
    const asset = assets.get(text.assetId);
    const place = asset === undefined ? { code: 'ASSET_NOT_FOUND' as const } : payable(asset);
    if ('code' in place) report('assetId', place.code, PAYEE_FAULTS[place.code]);
    const shareMillionths = readShare(text.share);
    if (shareMillionths === null) report('share', 'SHARE_INVALID', PAYEE_FAULTS.SHARE_INVALID);
    if ('code' in place || asset === undefined) continue;
    const checked = checkRecipient(text.address.trim(), place);
    if ('code' in checked) report('address', checked.code as keyof typeof PAYEE_FAULTS, checked.message);
    else if (found.some((other) => other.address === checked.address && other.assetId === text.assetId)) {
      report('address', 'DESTINATION_DUPLICATE', PAYEE_FAULTS.DESTINATION_DUPLICATE);
    } else {
      const { chainId, id: assetId } = asset;
      found.push({ chainId, assetId, address: checked.address, shareMillionths: shareMillionths ?? 0 });
    }
  }
  if (faults.length > 0) throw new UserFaultsError(faults);
  const total = found.reduce((sum, { shareMillionths }) => sum + shareMillionths, 0);
  if (total !== WHOLE_MILLIONTHS) {
    refuse('SHARES_NOT_ONE', `The shares add up to ${shareText(total)}, not to 1.`, at);
  }
  return found;
}

/** A share as people write it, without zeros at its end: 250000 → "0.25". */
export function shareText(millionths: number): string {
  return String(millionths / WHOLE_MILLIONTHS);
}

/** Millionths; null for what is no share. */
function readShare(text: string): number | null {
  try {
    const millionths = Number(parseAmount(text, SHARE_DECIMALS));
    return millionths <= WHOLE_MILLIONTHS ? millionths : null;
  } catch (error) {
    if (error instanceof AmountError) return null;
    throw error;
  }
}

type FoundAsset = Awaited<ReturnType<typeof findAssets>> extends Map<string, infer Row> ? Row : never;

async function findAssets(database: Queryable, texts: readonly DestinationText[]) {
  const rows = await database
    .selectFrom('asset')
    .innerJoin('chain', 'chain.id', 'asset.chainId')
    .select(['asset.id', 'asset.chainId', 'asset.address', 'chain.name', 'chain.family'])
    .select(['chain.factoryAddress', 'chain.vaultImplementation'])
    .where('asset.id', 'in', [...new Set(texts.map(({ assetId }) => assetId))])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Where an address of the asset's chain may not be, or why nobody can be paid in it. No account is known here yet. */
function payable(asset: FoundAsset) {
  const { address, name: chainName, family, factoryAddress, vaultImplementation } = asset;
  if (address === null) return { code: 'ASSET_NATIVE' as const };
  if (family !== 'EVM' || factoryAddress === null || vaultImplementation === null) {
    return { code: 'CHAIN_UNSUPPORTED' as const };
  }
  const [token, factory] = [getAddress(address), getAddress(factoryAddress)];
  return { chainName, token, payer: zeroAddress, factory, implementation: getAddress(vaultImplementation) };
}
