import { PAYOUT_ISSUES } from '../../payroll/checks/payoutIssue.ts';
import {
  type ImportIssueCode as Code,
  FILE_ISSUES,
  type ImportIssue as ImportIssueRow,
} from '../../payroll/file/fileIssue.ts';
import { builder } from '../builder.ts';

export const ImportIssueCode = builder.enumType('ImportIssueCode', {
  description: 'What can be wrong with a file of payouts.',
  values: {
    ...describe(FILE_ISSUES, (description) => description),
    ...describe(PAYOUT_ISSUES, ({ description }) => description),
  } as Record<Code, { description: string }>,
});

function describe<Issue>(issues: Readonly<Record<string, Issue>>, describeIssue: (issue: Issue) => string) {
  return Object.fromEntries(
    Object.entries(issues).map(([code, issue]) => [code, { description: describeIssue(issue) }]),
  );
}

const Severity = builder.enumType('Severity', {
  description: 'How much an issue weighs.',
  values: {
    ERROR: { description: 'Nothing is written while it stands.' },
    WARNING: { description: 'It is worth a look, and keeps nothing from being written.' },
  } as const,
});

export const ImportIssue = builder.objectRef<ImportIssueRow>('ImportIssue').implement({
  description: 'One thing wrong with a file, where a person finds it.',
  fields: (t) => ({
    row: t.exposeInt('row', {
      description:
        'The row’s number as a spreadsheet shows it: the header is row 1 unless blank rows stand above it, blank rows count, and a quoted value with line breaks is still one row.',
    }),
    column: t.exposeString('column', {
      nullable: true,
      description: 'The column as the header names it; null when it is about the whole row or file.',
    }),
    value: t.exposeString('value', {
      nullable: true,
      description:
        'What stood there, shortened; safe to export: an apostrophe stands before what a spreadsheet would run as a formula, and what may be a private key is cut. Null when nothing stood there.',
    }),
    code: t.expose('code', { type: ImportIssueCode, description: 'What is wrong, for programs.' }),
    severity: t.expose('severity', { type: Severity, description: 'How much it weighs.' }),
    message: t.exposeString('message', {
      description: 'What is wrong and how to mend it, for people.',
    }),
  }),
});
