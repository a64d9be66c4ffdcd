import { expect, test } from 'vitest';
import { headFault, MAX_HEAD_AGE_SECONDS } from './readiness.ts';

const HEAD = new Date('2026-11-20T12:00:00.000Z');
const after = (seconds: number) => new Date(HEAD.getTime() + seconds * 1000);

test('a chain without an indexed block, or without a recent one, is named', () => {
  expect(headFault(null, HEAD)).toBe('no block has been indexed yet');
  expect(headFault(HEAD, after(MAX_HEAD_AGE_SECONDS + 1))).toBe(
    'no block since 2026-11-20T12:00:00.000Z has been indexed',
  );
});

test('a recent block is well, and so is one whose clock is ahead of ours', () => {
  expect(headFault(HEAD, after(MAX_HEAD_AGE_SECONDS))).toBeNull();
  expect(headFault(HEAD, after(-60))).toBeNull();
});
