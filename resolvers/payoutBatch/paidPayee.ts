import { refuse } from '../../core/errors.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { FoundTarget } from './batchTarget.ts';

/** A payee, and the one address at which they are paid. */
export type PaidPayee = { readonly id: string; readonly name: string; readonly address: string };

const AT_PAYEE = ['input', 'payeeId'];

/**
 * The payee of an address book whom one payment pays: one who is paid in this asset alone, at one address. A split is the
 * payee's own wish; a single payment does not choose one of its parts.
 * @throws UserFaultsError PAYEE_NOT_FOUND, PAYEE_OTHER_ASSET, PAYEE_SPLIT
 */
export async function findOnlyDestination(
  database: Queryable,
  { organizationId, asset, chain }: FoundTarget,
  payeeId: string,
): Promise<PaidPayee> {
  const destinations = await database
    .selectFrom('payee')
    .innerJoin('payeeDestination as destination', 'destination.payeeId', 'payee.id')
    .innerJoin('asset', 'asset.id', 'destination.assetId')
    .innerJoin('chain', 'chain.id', 'destination.chainId')
    .select(['payee.id', 'payee.name', 'destination.address', 'destination.assetId'])
    .select(['asset.symbol', 'chain.name as chainName'])
    .where('payee.id', '=', payeeId)
    .where('payee.organizationId', '=', organizationId)
    .where('payee.archivedAt', 'is', null)
    .orderBy('destination.position')
    .execute();
  const [only] = destinations;
  if (only === undefined) refuse('PAYEE_NOT_FOUND', 'This payee is not in the address book.', AT_PAYEE);
  if (destinations.length > 1) {
    const message = `${only.name} is paid at ${destinations.length} addresses. Import a file with their reference, which splits the amount, or name the address.`;
    refuse('PAYEE_SPLIT', message, AT_PAYEE);
  }
  if (only.assetId !== asset.id) {
    const message = `${only.name} is paid in ${only.symbol} on ${only.chainName}, not in ${asset.symbol} on ${chain.name}.`;
    refuse('PAYEE_OTHER_ASSET', message, AT_PAYEE);
  }
  return only;
}
