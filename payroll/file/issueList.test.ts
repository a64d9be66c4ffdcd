import { expect, test } from 'vitest';
import { MAX_IMPORT_ISSUES_RETURNED } from '../../core/limits.ts';
import type { ImportIssue, ImportIssueCode } from './fileIssue.ts';
import { issueList } from './issueList.ts';

function issue(row: number, code: ImportIssueCode, severity: 'ERROR' | 'WARNING'): ImportIssue {
  return { row, column: null, value: null, code, severity, message: code };
}

test('errors and possible fraud are never hidden behind what is merely odd', () => {
  const issues = issueList();
  for (let row = 2; row < MAX_IMPORT_ISSUES_RETURNED + 100; row += 1) {
    issues.add(issue(row, 'PAYOUT_DUPLICATE', 'WARNING'));
  }
  issues.add(issue(5_000, 'POSSIBLE_ADDRESS_POISONING', 'WARNING'));
  issues.add(issue(4_000, 'AMOUNT_ZERO', 'ERROR'));
  const kept = issues.kept();
  expect(kept).toHaveLength(MAX_IMPORT_ISSUES_RETURNED);
  expect(kept.slice(-2).map(({ row, code }) => [row, code])).toEqual([
    [4_000, 'AMOUNT_ZERO'],
    [5_000, 'POSSIBLE_ADDRESS_POISONING'],
  ]);
  expect(kept[0]?.row).toBe(2);
  expect(issues).toMatchObject({ errorCount: 1, issueCount: MAX_IMPORT_ISSUES_RETURNED + 100 });
  expect(issues.warnedRows).toHaveLength(MAX_IMPORT_ISSUES_RETURNED + 99);
});
