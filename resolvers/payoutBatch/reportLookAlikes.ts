import { describeLookAlike, findLookAlikes } from '../../payroll/checks/lookAlikes.ts';
import type { Queryable } from '../../prisma/database.ts';
import { findKnownAddresses } from './findKnownAddresses.ts';
import type { ImportedPayout, Report } from './resolveLines.ts';

/**
 * Warns of rows that pay somebody new whose address is made to look like one that the organization knows, or like
 * another row's.
 */
export async function reportLookAlikes(
  database: Queryable,
  organizationId: string,
  payouts: readonly ImportedPayout[],
  report: Report,
  nameRow = (row: number) => `row ${row}`,
): Promise<void> {
  // What is known to all is like nobody else: most files need not ask.
  if (!payouts.some(({ isNewRecipient }) => isNewRecipient)) return;
  const rows = payouts.map(({ row, recipient, isNewRecipient }) => ({
    row,
    recipient,
    isKnown: !isNewRecipient,
  }));
  const known = await findKnownAddresses(database, organizationId);
  for (const lookAlike of await findLookAlikes(rows, known)) {
    report(lookAlike.row, {
      field: 'recipient',
      value: lookAlike.recipient,
      code: 'POSSIBLE_ADDRESS_POISONING',
      message: describeLookAlike(lookAlike, nameRow),
    });
  }
}
