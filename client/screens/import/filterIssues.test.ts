import { expect, test } from 'vitest';
import { ALL_ISSUES, countKinds, filterIssues } from './filterIssues.ts';
import type { ImportIssue } from './importTypes.ts';

const issue = (row: number, code: ImportIssue['code'], severity: ImportIssue['severity']): ImportIssue => ({
  __typename: 'ImportIssue',
  row,
  code,
  severity,
  column: null,
  value: null,
  message: '',
});
const twice = issue(2, 'PAYOUT_DUPLICATE', 'WARNING');
const zero = issue(9, 'AMOUNT_ZERO', 'ERROR');
const zeroBefore = issue(4, 'AMOUNT_ZERO', 'ERROR');

test('faults stand before warnings, each by row', () => {
  expect(filterIssues([twice, zero, zeroBefore], ALL_ISSUES)).toEqual([zeroBefore, zero, twice]);
});

test('a filter takes what is of its severity and its kind', () => {
  expect(filterIssues([twice, zero], { severity: 'WARNING', code: null })).toEqual([twice]);
  expect(filterIssues([twice, zero], { severity: null, code: 'AMOUNT_ZERO' })).toEqual([zero]);
  expect(filterIssues([twice, zero], { severity: 'WARNING', code: 'AMOUNT_ZERO' })).toEqual([]);
});

test('the most frequent kind is named first', () => {
  expect(countKinds([twice, zero, zeroBefore])).toEqual([
    { code: 'AMOUNT_ZERO', count: 2 },
    { code: 'PAYOUT_DUPLICATE', count: 1 },
  ]);
});
