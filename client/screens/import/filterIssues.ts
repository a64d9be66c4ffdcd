import type { ImportIssue } from './importTypes.ts';

/** Null: any. */
export type IssueFilter = {
  readonly severity: ImportIssue['severity'] | null;
  readonly code: ImportIssue['code'] | null;
};

export const ALL_ISSUES: IssueFilter = { severity: null, code: null };

/** Faults before warnings, each by row. */
export function filterIssues(issues: readonly ImportIssue[], filter: IssueFilter): ImportIssue[] {
  return issues
    .filter(
      ({ severity, code }) => (filter.severity ?? severity) === severity && (filter.code ?? code) === code,
    )
    .sort((a, b) => Number(a.severity === 'WARNING') - Number(b.severity === 'WARNING') || a.row - b.row);
}

/** How many there are of each kind, the most frequent first. */
export function countKinds(issues: readonly ImportIssue[]): { code: ImportIssue['code']; count: number }[] {
  return [...Map.groupBy(issues, ({ code }) => code)]
    .map(([code, found]) => ({ code, count: found.length }))
    .sort((a, b) => b.count - a.count);
}
