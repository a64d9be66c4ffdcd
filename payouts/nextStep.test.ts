import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TransactionStatus } from '../prisma/generated/database.ts';
import { CHAIN_TRANSACTION_TRANSITIONS } from '../transitions/chainTransactionStatus.ts';
import {
  type LaneProgress,
  type NextStep,
  nextStep,
  type RecoveredTransaction,
  SEND_AGAIN_AFTER_SENDING_MS,
  SEND_AGAIN_AFTER_SIGNING_MS,
  SEND_AGAIN_USED_NONCE_MS,
} from './nextStep.ts';

const LANE: LaneProgress = { includedNonce: 5n, finalNonce: 3n, holdsKey: true, patient: true };
const SENT: RecoveredTransaction = { status: 'BROADCAST', nonce: 5n, signedMsAgo: 5_000, sentMsAgo: 1_000 };

type Row = [
  what: string,
  transaction: Partial<RecoveredTransaction>,
  lane: Partial<LaneProgress>,
  step: NextStep,
];

test.each<Row>([
  ['just sent', {}, {}, 'RAISE_FEE'],
  [
    'just signed: its worker is about to send it',
    { status: 'SIGNED', signedMsAgo: 100, sentMsAgo: null },
    {},
    'WAIT',
  ],
  [
    'signed and never sent: its worker has ended',
    { status: 'SIGNED', signedMsAgo: SEND_AGAIN_AFTER_SIGNING_MS, sentMsAgo: null },
    {},
    'SEND',
  ],
  [
    'turned away by every node a moment ago',
    { status: 'SIGNED', signedMsAgo: 60_000, sentMsAgo: 100 },
    {},
    'RAISE_FEE',
  ],
  [
    'turned away by every node: it is tried again soon',
    { status: 'SIGNED', signedMsAgo: 60_000, sentMsAgo: SEND_AGAIN_AFTER_SIGNING_MS },
    {},
    'SEND',
  ],
  ['sent, and perhaps dropped', { sentMsAgo: SEND_AGAIN_AFTER_SENDING_MS }, {}, 'SEND'],
  ['just sent, behind others', { nonce: 9n }, {}, 'RAISE_FEE'],
  ['just sent, of a key that is elsewhere', {}, { holdsKey: false }, 'WAIT'],
  [
    'of a key that is elsewhere: sending needs none',
    { sentMsAgo: SEND_AGAIN_AFTER_SENDING_MS },
    { holdsKey: false },
    'SEND',
  ],
  ['a start waits for nothing', { signedMsAgo: 0, sentMsAgo: 0 }, { patient: false }, 'SEND'],
  ['a node says its nonce is used', { nonce: 4n, sentMsAgo: SEND_AGAIN_AFTER_SENDING_MS }, {}, 'WAIT'],
  [
    'a node says so, and no block comes that has it',
    { nonce: 4n, sentMsAgo: SEND_AGAIN_USED_NONCE_MS },
    {},
    'SEND',
  ],
  ['a final block used its nonce', { nonce: 2n }, {}, 'LET_GO'],
  ['a final block used its nonce, and this is a start', { nonce: 2n }, { patient: false }, 'LET_GO'],
  ['nobody was asked about finality', { nonce: 2n }, { finalNonce: null }, 'WAIT'],
  ...(['INCLUDED', 'CONFIRMED', 'FINAL', 'REVERTED', 'REPLACED'] as const).map(
    (status): Row => [
      `${status}: a block has decided`,
      { status, nonce: 2n, sentMsAgo: 1e9 },
      { patient: false },
      'WAIT',
    ],
  ),
])('%s', (_what, transaction, lane, step) => {
  expect(nextStep({ ...SENT, ...transaction }, { ...LANE, ...lane })).toBe(step);
});

const statuses = Object.keys(CHAIN_TRANSACTION_TRANSITIONS) as TransactionStatus[];
const milliseconds = fc.integer({ min: 0, max: 10_000_000 });
const nonces = fc.bigInt({ min: 0n, max: 12n });
const anyTransaction = fc.record({
  status: fc.constantFrom(...statuses),
  nonce: nonces,
  signedMsAgo: milliseconds,
  sentMsAgo: fc.option(milliseconds),
});
const anyLane = fc.record({
  includedNonce: nonces,
  finalNonce: fc.option(nonces),
  holdsKey: fc.boolean(),
  patient: fc.boolean(),
});

test('time alone gives up nothing, and nothing unsettled is left alone for ever', () => {
  fc.assert(
    fc.property(anyTransaction, anyLane, (transaction, lane) => {
      const step = nextStep(transaction, lane);
      const later = { ...transaction, signedMsAgo: 1e10, sentMsAgo: 1e10 };
      const unsettled = transaction.status === 'SIGNED' || transaction.status === 'BROADCAST';
      const isUsedForGood = lane.finalNonce !== null && transaction.nonce < lane.finalNonce;
      // Letting go follows from a final block, whatever the time; and from it always.
      expect(step === 'LET_GO').toBe(unsettled && isUsedForGood);
      expect(nextStep(later, lane)).toBe(unsettled ? (isUsedForGood ? 'LET_GO' : 'SEND') : 'WAIT');
      // Who has no key signs nothing; what a block is said to have gets no second version.
      if (step === 'RAISE_FEE') {
        expect(lane.holdsKey && transaction.sentMsAgo !== null).toBe(true);
        expect(transaction.nonce >= lane.includedNonce).toBe(true);
      }
    }),
  );
});

test('what one node says about nonces decides about sending alone', () => {
  fc.assert(
    fc.property(anyTransaction, anyLane, nonces, (transaction, lane, includedNonce) => {
      const told = nextStep(transaction, lane);
      const toldOtherwise = nextStep(transaction, { ...lane, includedNonce });
      expect(told === 'LET_GO').toBe(toldOtherwise === 'LET_GO');
    }),
  );
});
