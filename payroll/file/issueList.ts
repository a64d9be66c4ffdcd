import { MAX_IMPORT_ISSUES_RETURNED } from '../../core/limits.ts';
import { POSSIBLE_FRAUD } from '../checks/payoutIssue.ts';
import type { ImportIssue } from './fileIssue.ts';

/** Issues in bounded memory: all are counted, the first are kept. */
export type IssueList = {
  add(issue: ImportIssue): void;
  /** Adds an error that is kept whatever else there is: the one that ended the reading. */
  addDecisive(issue: ImportIssue): void;
  readonly errorCount: number;
  readonly issueCount: number;
  /** The row of every warning, kept or not. */
  readonly warnedRows: readonly number[];
  /**
   * At most MAX_IMPORT_ISSUES_RETURNED, by row. When not all fit, errors come before warnings, and of these possible
   * fraud before the others: what keeps a file from being written is never hidden behind what does not.
   */
  kept(): ImportIssue[];
};

export function issueList(): IssueList {
  const decisive: ImportIssue[] = [];
  const errors: ImportIssue[] = [];
  const alarms: ImportIssue[] = [];
  const warnings: ImportIssue[] = [];
  const warnedRows: number[] = [];
  let errorCount = 0;
  return {
    add(issue) {
      const mild = POSSIBLE_FRAUD.includes(issue.code) ? alarms : warnings;
      const list = issue.severity === 'ERROR' ? errors : mild;
      if (list.length < MAX_IMPORT_ISSUES_RETURNED) list.push(issue);
      if (issue.severity === 'ERROR') errorCount += 1;
      else warnedRows.push(issue.row);
    },
    addDecisive(issue) {
      decisive.push(issue);
      errorCount += 1;
    },
    get errorCount() {
      return errorCount;
    },
    get issueCount() {
      return errorCount + warnedRows.length;
    },
    warnedRows,
    kept() {
      return [decisive, errors, alarms, warnings.sort(byRow)]
        .flat()
        .slice(0, MAX_IMPORT_ISSUES_RETURNED)
        .sort(byRow);
    },
  };
}

function byRow(a: ImportIssue, b: ImportIssue): number {
  return a.row - b.row;
}
