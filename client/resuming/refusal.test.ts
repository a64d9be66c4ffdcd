import { expect, test } from 'vitest';
import { remedyOf, remedyOfClose, wireErrorsOf } from './refusal.ts';

test.each([
  [{ code: 'UNAUTHENTICATED' }, 'RENEW'],
  [{ code: 'CURSOR_EXPIRED' }, 'RELOCATE'],
  [{ code: 'CURSOR_INVALID' }, 'RELOCATE'],
  [{ code: 'INTERNAL' }, 'RETRY'],
  [{ code: 'LIMIT_EXCEEDED', limit: 'MAX_SUBSCRIPTIONS_PER_SESSION' }, 'RETRY'],
  [{ code: 'LIMIT_EXCEEDED', limit: 'MAX_DEPTH' }, 'END'],
  [{ code: 'FORBIDDEN' }, 'END'],
  [{ code: 'constructor' }, 'END'],
  [{}, 'END'],
] as const)('%o asks for %s', (extensions, remedy) => {
  expect(
    remedyOf([
      { message: '', extensions },
      { message: '', extensions: { code: 'OTHER' } },
    ]),
  ).toBe(remedy);
});

test('an error without extensions, and none at all, end it', () => {
  expect([remedyOf([{ message: 'wrong' }]), remedyOf([])]).toEqual(['END', 'END']);
});

test.each([
  [null, 'RETRY'],
  [1000, 'RETRY'],
  [1001, 'RETRY'],
  [1006, 'RETRY'],
  [4403, 'RENEW'],
  [4401, 'RENEW'],
  [4400, 'END'],
  [4500, 'RETRY'],
] as const)('a socket that is closed with %s asks for %s', (code, remedy) => {
  expect(remedyOfClose(code)).toBe(remedy);
});

test('whatever fails has a message', () => {
  const errors = [{ message: 'one' }];
  expect(wireErrorsOf(errors)).toBe(errors);
  expect(wireErrorsOf(new Error('broken'))).toEqual([{ message: 'broken' }]);
  expect(wireErrorsOf([])).toEqual([{ message: expect.any(String) }]);
});
