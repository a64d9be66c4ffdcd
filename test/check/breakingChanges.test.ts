import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { breakingChanges } from './breakingChanges.ts';

const promised = readFileSync(new URL('./releasedSchema.graphql', import.meta.url), 'utf8');

/** The promised schema with one place of it changed. */
function changed(from: RegExp, to: string): string {
  const now = promised.replace(from, to);
  expect(now).not.toBe(promised);
  return now;
}

test('a schema keeps its own promises, and may say more', () => {
  expect(breakingChanges(promised, promised)).toEqual([]);
  const more = changed(/^type Organization (.*)\{$/m, 'type Organization $1{\n  nickname: String');
  expect(breakingChanges(promised, more)).toEqual([]);
});

test.each([
  ['a field is gone', 'type Query { c: E! } enum E { ONE TWO }'],
  ['a value of an enum is gone', 'type Query { a(b: Int): E! } enum E { ONE }'],
  ['an argument must be given', 'type Query { a(b: Int!): E! } enum E { ONE TWO }'],
  ['a value may be null', 'type Query { a(b: Int): E } enum E { ONE TWO }'],
])('clients break when %s', (_, now) => {
  expect(breakingChanges('type Query { a(b: Int): E! } enum E { ONE TWO }', now)).not.toEqual([]);
});

test('clients break when a root field of the released schema is gone', () => {
  expect(breakingChanges(promised, changed(/^ {2}viewer(?=:)/m, '  observer'))).toEqual([
    expect.stringContaining('Query.viewer'),
  ]);
});
