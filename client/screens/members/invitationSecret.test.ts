import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { forgetInvitationSecret, invitationLink, takeInvitationSecret } from './invitationSecret.ts';

const ORIGIN = 'https://pay.example.com';
afterEach(forgetInvitationSecret);

test('what a link was made of is read from it, and stands nowhere but in its fragment', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (secret) => {
      const link = new URL(invitationLink(ORIGIN, secret));
      expect(`${link.origin}${link.pathname}${link.search}`).toBe(`${ORIGIN}/invitation`);
      expect(takeInvitationSecret(link.hash)).toBe(secret);
    }),
  );
});

test('a secret that was taken is held when the address bar is clean, until it is used', () => {
  expect(takeInvitationSecret('')).toBeNull();
  expect(takeInvitationSecret('#secret=pbi_one')).toBe('pbi_one');
  expect(takeInvitationSecret('')).toBe('pbi_one');
  expect(takeInvitationSecret('#secret=')).toBe('pbi_one');
  expect(takeInvitationSecret('#secret=pbi_two')).toBe('pbi_two');
  forgetInvitationSecret();
  expect(takeInvitationSecret('#other')).toBeNull();
});
