import { MAX_WARNINGS_PER_BATCH } from '../../core/limits.ts';
import { type PayoutIssue, POSSIBLE_FRAUD } from '../../payroll/checks/payoutIssue.ts';

export type PayoutWarning = PayoutIssue & {
  /** Of the payout in its batch. */
  readonly rowIndex: number;
};

/** Warnings of one batch in bounded memory: all are counted, the first are kept. */
export type WarningList = {
  add(rowIndex: number, issue: PayoutIssue): void;
  readonly count: number;
  /** At most MAX_WARNINGS_PER_BATCH, by row; possible fraud before the others where not all fit. */
  kept(): PayoutWarning[];
};

export function warningList(): WarningList {
  const alarms: PayoutWarning[] = [];
  const others: PayoutWarning[] = [];
  let count = 0;
  return {
    add(rowIndex, issue) {
      count += 1;
      const list = POSSIBLE_FRAUD.includes(issue.code) ? alarms : others;
      if (list.length < MAX_WARNINGS_PER_BATCH) list.push({ ...issue, rowIndex });
    },
    get count() {
      return count;
    },
    kept: () =>
      [...alarms, ...others].slice(0, MAX_WARNINGS_PER_BATCH).sort((a, b) => a.rowIndex - b.rowIndex),
  };
}
