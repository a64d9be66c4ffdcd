import { expect, test } from 'vitest';
import { choiceOf } from './choiceOf.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const KEY = '0xAAaAAaAAaAAaAAaAAaAAaAAaAAaAAaAAaAAaAAaA';
const signer = { id: 'one', address: KEY };
const approval = {
  status: 'PENDING' as const,
  expiresAt: '2026-11-22T12:00:00Z',
  viewerCanDecide: true,
  decisions: [],
  organization: { separatesDuties: false },
  account: { safe: { owners: [KEY.toLowerCase()] }, approvers: [] },
};
const decision = {
  __typename: 'ApprovalDecision' as const,
  verdict: 'GRANTED' as const,
  decidedAt: '2026-11-21T11:00:00Z',
  reason: null,
  signerAddress: KEY,
  user: null,
};
const choose = (changes: Partial<Parameters<typeof choiceOf>[0]>, mayDecide = true, signers = [signer]) =>
  choiceOf({ ...approval, ...changes }, { signers, mayDecide }, NOW);

test('an owner of the account who has not decided can', () => {
  expect(choose({})).toEqual({ kind: 'DECIDE', signers: [signer] });
  expect(choose({ account: { safe: null, approvers: [{ address: KEY }] } as never }).kind).toBe('DECIDE');
});

test('whoever asked may only reject where duties are separated', () => {
  expect(choose({ viewerCanDecide: false, organization: { separatesDuties: true } })).toEqual({
    kind: 'REJECT_ONLY',
    why: 'DUTIES_SEPARATED',
    signers: [signer],
  });
});

test.each([
  ['NOT_PENDING', choose({ status: 'STALE', viewerCanDecide: false })],
  ['EXPIRED', choose({ expiresAt: '2026-11-21T12:00:00Z', viewerCanDecide: false })],
  ['NO_PERMISSION', choose({ viewerCanDecide: false }, false)],
  ['NO_KEY', choose({ viewerCanDecide: false }, true, [])],
  ['NO_KEY', choose({ viewerCanDecide: false })],
  ['NO_KEY', choose({ account: { safe: null, approvers: [] }, viewerCanDecide: false })],
  ['DECIDED', choose({ decisions: [decision], viewerCanDecide: false })],
] as const)('the reason is told: %s', (why, choice) => {
  expect(choice).toEqual({ kind: 'NOTHING', why });
});
