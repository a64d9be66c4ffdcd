import { required } from '../../core/errors.ts';
import type { PayoutLine } from '../../payroll/checks/payoutChecker.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { BatchTarget } from './batchTarget.ts';
import { describePaidReference, findPaidReferences } from './findPaidReferences.ts';
import { findDoubt, findLinePayees, markRecipients, payeeIdAt } from './recipientMarks.ts';
import { reportLookAlikes } from './reportLookAlikes.ts';
import type { ImportedPayout, Report } from './resolveLines.ts';

/**
 * Makes payouts of checked lines that all have a recipient: whose address it is, whether it is new, and what is worth a look.
 * @param options.nameRow how a message calls a line
 * @param options.payeeId whom the sender named: nobody else is looked for
 */
export async function matchPayouts(
  database: Queryable,
  target: BatchTarget,
  lines: readonly PayoutLine[],
  options: { report: Report; nameRow: (row: number) => string; payeeId?: string | null },
): Promise<ImportedPayout[]> {
  const { report, nameRow, payeeId = null } = options;
  const payees = await findLinePayees(database, target, lines);
  const matched = lines.map((line) => {
    const doubt = findDoubt(payees, target, line);
    const isSettled = payeeId !== null && doubt?.code === 'PAYEE_AMBIGUOUS';
    if (doubt !== null && !isSettled) report(line.row, doubt);
    const recipient = required(line.recipient, 'The recipient');
    return { ...line, recipient, payeeId: payeeId ?? payeeIdAt(payees, recipient, line.reference) };
  });
  const payouts = await markRecipients(database, target, matched, report);
  await reportLookAlikes(database, target.organizationId, payouts, report, nameRow);
  for (const paid of await findPaidReferences(database, target.organizationId, lines)) {
    const { row, reference: value } = paid;
    const message = describePaidReference(paid);
    report(row, { code: 'REFERENCE_PAID_BEFORE', field: 'reference', value, message });
  }
  return payouts;
}
