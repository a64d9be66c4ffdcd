import type { UserFault } from '../../core/errors.ts';
import { describeLookAlike, findLookAlikes } from '../../payroll/checks/lookAlikes.ts';
import type { Queryable } from '../../prisma/database.ts';
import { findKnownAddresses } from '../payoutBatch/findKnownAddresses.ts';
import type { Destination } from './payeeFields.ts';

export type PayeeWarning = UserFault<'POSSIBLE_ADDRESS_POISONING'>;

/**
 * What is to be told of a payee's new destinations that were never paid, and look like others' addresses or like this
 * payee's own of before.
 * @param before the payee's destinations until now
 * @returns warnings at paths such as input.destinations.2.address
 */
export async function warnOfLookAlikes(
  database: Queryable,
  organizationId: string,
  destinations: readonly Destination[],
  before: readonly Destination[],
): Promise<PayeeWarning[]> {
  const own = before.map(({ address }) => ({ address, kind: 'PAYEE' as const, name: null }));
  const known = [...(await findKnownAddresses(database, organizationId)), ...own];
  const rows = destinations.map(({ address }, row) => ({ row, recipient: address, isKnown: false }));
  return (await findLookAlikes(rows, known)).map((lookAlike) => ({
    code: 'POSSIBLE_ADDRESS_POISONING',
    message: describeLookAlike(lookAlike, (row) => `destinations[${row}]`),
    path: ['input', 'destinations', String(lookAlike.row), 'address'],
  }));
}
