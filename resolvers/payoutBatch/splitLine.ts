import { MAX_PAYOUT_UNITS } from '../../core/money.ts';
import { checkRecipient } from '../../payroll/checks/checkRecipient.ts';
import type { PayoutLine } from '../../payroll/checks/payoutChecker.ts';
import type { PayoutField, PayoutIssue, PayoutIssueCode } from '../../payroll/checks/payoutIssue.ts';
import type { FoundPayee } from '../payee/findPayees.ts';
import { splitAmount } from '../payee/splitAmount.ts';
import type { BatchTarget } from './batchTarget.ts';
import type { NewPayout } from './insertBatch.ts';

/** A payout of one line, and what it is paid from. Whether anybody paid its recipient before is asked later, of all at once. */
export type LinePart = {
  readonly target: BatchTarget;
  readonly payout: Omit<NewPayout, 'isNewRecipient'>;
};

/**
 * What a line without an address pays: a part to each destination of the payee whom its reference names.
 * @param targets what each asset is paid from, by the asset's id
 * @returns the parts in the destinations' order, or everything that keeps the line from being paid
 */
export function splitLine(
  line: PayoutLine,
  payee: FoundPayee,
  main: BatchTarget,
  targets: ReadonlyMap<string, BatchTarget>,
): { parts: LinePart[] } | { issues: PayoutIssue[] } {
  const issues: PayoutIssue[] = [];
  const report = (field: PayoutField, code: PayoutIssueCode, message: string) =>
    issues.push({ field, value: field === 'reference' ? line.reference : null, code, message });
  const units = splitAmount(line.units, main.decimals, payee.destinations);
  if (!Array.isArray(units)) {
    const destination = payee.destinations[units.index];
    const where = `${payee.name}’s part in ${destination?.symbol} on ${destination?.chainName}`;
    const message =
      units.fault === 'SHARE_TOO_SMALL'
        ? `${where} would be nothing. Pay more at once, or change the shares.`
        : `${where} needs more decimals than ${destination?.symbol} has. It is never rounded: write fewer decimals.`;
    report('amount', units.fault, message);
    return { issues };
  }
  const parts: LinePart[] = [];
  for (const [index, destination] of payee.destinations.entries()) {
    const where = `${payee.name} is paid in ${destination.symbol} on ${destination.chainName}`;
    const target = targets.get(destination.assetId);
    if (target === undefined) {
      report('reference', 'NO_ACCOUNT_FOR_DESTINATION', `${where}. Name an account to pay that from.`);
      continue;
    }
    const part = units[index] ?? 0n;
    if (part > MAX_PAYOUT_UNITS) {
      report('amount', 'AMOUNT_TOO_LARGE', `${where}: one payout cannot carry so much of it.`);
    }
    const checked = checkRecipient(destination.address, target);
    if ('code' in checked) {
      report('reference', checked.code, `${where} at ${destination.address}. ${checked.message}`);
    } else {
      const { memo, reference } = line;
      const payout = { recipient: checked.address, units: part, memo, reference };
      parts.push({ target, payout: { ...payout, payeeId: payee.id } });
    }
  }
  return issues.length > 0 ? { issues } : { parts };
}
