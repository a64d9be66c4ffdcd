import { expect, test } from 'vitest';
import type { SessionViewerQuery } from '../generated/operationTypes.ts';
import { isSessionOver, isWithin } from './lastSession.ts';

const answer = (userId: string, organizations: readonly string[]): SessionViewerQuery =>
  ({
    viewer: {
      user: { id: userId },
      memberships: organizations.map((id) => ({ roles: [], organization: { id } })),
    },
  }) as unknown as SessionViewerQuery;

test('what was known stays for the same person who lost no membership, and for nobody else', () => {
  expect(isWithin(answer('alice', ['a']), answer('alice', ['a']))).toBe(true);
  expect(isWithin(answer('alice', ['a']), answer('alice', ['b', 'a']))).toBe(true);
  expect(isWithin(answer('alice', ['a', 'b']), answer('alice', ['b', 'c']))).toBe(false);
  expect(isWithin(answer('alice', []), answer('bob', []))).toBe(false);
});

test('a session is over when the server said so, and a day after the server last knew it at the latest', () => {
  const storedAt = '2026-01-01T00:00:00Z';
  const expiresAt = '2026-01-01T08:00:00Z';
  expect(isSessionOver({ storedAt, expiresAt }, new Date('2026-01-01T07:59:59Z'))).toBe(false);
  expect(isSessionOver({ storedAt, expiresAt }, new Date('2026-01-01T08:00:00Z'))).toBe(true);
  expect(isSessionOver({ storedAt, expiresAt: null }, new Date('2026-01-01T23:59:59Z'))).toBe(false);
  expect(isSessionOver({ storedAt, expiresAt: null }, new Date('2026-01-02T00:00:00Z'))).toBe(true);
  expect(isSessionOver({ storedAt, expiresAt: '2027-01-01T00:00:00Z' }, new Date('2026-01-03'))).toBe(true);
});
