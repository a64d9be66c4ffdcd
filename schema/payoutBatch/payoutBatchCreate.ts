import type { UserFault } from '../../core/errors.ts';
import { PAYOUT_ISSUES } from '../../payroll/checks/payoutIssue.ts';
import {
  PAYOUT_BATCH_CREATE_FAULTS,
  payoutBatchCreate,
} from '../../resolvers/payoutBatch/payoutBatchCreate.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { PayoutBatch } from './payoutBatch.ts';

const PayoutInput = builder.inputType('PayoutInput', {
  description:
    'One payout. Everything is a string: what is wrong in one of them is a user error, not a failed request.',
  fields: (t) => ({
    recipient: t.string({ required: true, description: 'The address to pay, in the chain’s own form.' }),
    amount: t.string({
      required: true,
      description: 'An exact decimal number of whole units, such as "1250.5". It is never rounded.',
    }),
    memo: t.string({ required: false, description: 'A note, at most 500 characters.' }),
    reference: t.string({
      required: false,
      description: 'What the payout is known as elsewhere, at most 200 characters; once in a batch.',
    }),
  }),
});

const Input = builder.inputType('PayoutBatchCreateInput', {
  description: 'Payouts one by one, and what to pay them with.',
  fields: (t) => ({
    accountId: t.id({ required: true, description: 'The account that pays. It is active.' }),
    assetId: t.id({
      required: true,
      description: 'The token it pays with, of the account’s chain; not native currency.',
    }),
    title: t.string({
      required: true,
      description: 'What to call the batch: 1 to 200 characters in one line.',
    }),
    payouts: t.field({
      type: [PayoutInput],
      required: true,
      description: 'The payouts in their order, 1 to 100,000.',
    }),
    idempotencyKey: t.string({
      required: true,
      description:
        'Of the sender’s choice, 1 to 200 characters. The same request with the same key makes one batch, however often it is sent; another request with it is refused.',
    }),
  }),
});

export const PayoutWarning = builder.objectRef<UserFault>('PayoutWarning').implement({
  description: 'Something about a payout that is worth a look and kept nothing from being written.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'What it is, for programs.' }),
    message: t.exposeString('message', { description: 'What it is, for people.' }),
    path: t.stringList({
      description: 'Where in the request it stands, from `input` down; payouts are counted from 0.',
      resolve: ({ path }) => [...(path ?? [])],
    }),
  }),
});

type Payload = {
  payoutBatchId: string | null;
  warnings: readonly UserFault[];
  replayed: boolean;
};

/** Of lines that name a payee alone, which only files have. */
const OF_FILES = ['PAYEE_UNKNOWN', 'NO_ACCOUNT_FOR_DESTINATION', 'SHARE_TOO_SMALL', 'TOO_MANY_PARTS'];

/** What keeps one payout from being made, and what it means. */
export const PAYOUT_ERROR_CODES = {
  ...Object.fromEntries(
    Object.entries(PAYOUT_ISSUES)
      .filter(([code, { severity }]) => severity === 'ERROR' && !OF_FILES.includes(code))
      .map(([code, { description }]) => [code, description]),
  ),
  FIELD_MISSING: 'The recipient or the amount is empty.',
};

addMutation<typeof Input.$inferInput, Payload>('payoutBatchCreate', {
  description:
    'Makes a draft batch of payouts given one by one, all of them or none; each fault is a user error whose path names the payout. Needs BATCH_CREATE.',
  input: Input,
  errorCodes: {
    ...PAYOUT_BATCH_CREATE_FAULTS,
    ...PAYOUT_ERROR_CODES,
    NOT_FOUND: 'The account was not found.',
  },
  eventCursor: 'The entry that the change wrote; null when it wrote none.',
  payloadFields: (t) => ({
    payoutBatch: changedObject(t, 'payoutBatch', PayoutBatch, 'The batch as it is now'),
    warnings: t.field({
      type: [PayoutWarning],
      description:
        'What is worth a look, by payout: the first 1,000, of codes that `ImportIssueCode` explains. Where there are more, possible fraud comes first. `PayoutBatch.warnings` keeps them. Empty for a replay.',
      resolve: ({ warnings }) => [...warnings],
    }),
    replayed: t.exposeBoolean('replayed', {
      description: 'Whether an earlier request with the same key made the batch.',
    }),
  }),
  refused: { payoutBatchId: null, warnings: [], replayed: false },
  resolve: (input, context) =>
    payoutBatchCreate(context, {
      accountId: uuidInInput('Account', input.accountId),
      assetId: uuidInInput('Asset', input.assetId),
      title: input.title,
      payouts: input.payouts.map(({ recipient, amount, memo, reference }) => ({
        recipient,
        amount,
        memo: memo ?? null,
        reference: reference ?? null,
      })),
      idempotencyKey: input.idempotencyKey,
    }),
});
