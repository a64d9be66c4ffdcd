import type { UserFault } from '../../core/errors.ts';
import { PAYOUT_CREATE_FAULTS, payoutCreate } from '../../resolvers/payoutBatch/payoutCreate.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Payout } from './payout.ts';
import { PayoutBatch } from './payoutBatch.ts';
import { PAYOUT_ERROR_CODES, PayoutWarning } from './payoutBatchCreate.ts';

const Input = builder.inputType('PayoutCreateInput', {
  description: 'One payment: what it is paid with, to whom, and how much.',
  fields: (t) => ({
    accountId: t.id({ required: true, description: 'The account that pays. It is active.' }),
    assetId: t.id({
      required: true,
      description: 'The token it pays with, of the account’s chain; not native currency.',
    }),
    recipient: t.string({ description: 'The address to pay, in the chain’s own form; or name a payee.' }),
    payeeId: t.id({
      description:
        'The payee to pay, instead of an address: one who is paid in this asset alone, at one address. Others take a file, or the address.',
    }),
    amount: t.string({
      required: true,
      description: 'An exact decimal number of whole units, such as "1250.5". It is never rounded.',
    }),
    memo: t.string({ description: 'A note, at most 500 characters; not on chain.' }),
    reference: t.string({
      description: 'What the payment is known as elsewhere, at most 200 characters; not on chain.',
    }),
    title: t.string({
      description:
        'What to call its batch, 1 to 200 characters in one line; named after whom it pays unless said.',
    }),
    idempotencyKey: t.string({
      required: true,
      description:
        'Of the sender’s choice, 1 to 200 characters. The same request with the same key makes one payment, however often it is sent; another request with it is refused.',
    }),
  }),
});

/** One payment is the first with its reference. */
const ERROR_CODES = Object.fromEntries(
  Object.entries({
    ...PAYOUT_CREATE_FAULTS,
    ...PAYOUT_ERROR_CODES,
    ASSET_NATIVE: 'Native currency cannot be paid: a payment is made in an ERC-20 token.',
    NOT_FOUND: 'The account was not found.',
  }).filter(([code]) => code !== 'REFERENCE_DUPLICATE'),
);

type Payload = {
  payoutId: string | null;
  payoutBatchId: string | null;
  warnings: readonly UserFault[];
  replayed: boolean;
};

addMutation<typeof Input.$inferInput, Payload>('payoutCreate', {
  description:
    'Makes one payment: a batch of one payout, submitted at once, so that the account’s owners are asked to approve it. They have 7 days; it is sent as soon as enough of them have signed. Needs BATCH_CREATE and BATCH_SUBMIT.',
  input: Input,
  errorCodes: ERROR_CODES,
  eventCursor: 'The last entry that the change wrote; null when it wrote none.',
  payloadFields: (t) => ({
    payout: changedObject(t, 'payout', Payout, 'The payment as it is now'),
    payoutBatch: changedObject(
      t,
      'payoutBatch',
      PayoutBatch,
      'Its batch as it is now, with the approval that was asked for',
    ),
    warnings: t.field({
      type: [PayoutWarning],
      description:
        'What is worth a look, of codes that `ImportIssueCode` explains. `PayoutBatch.warnings` keeps them. Empty for a replay.',
      resolve: ({ warnings }) => [...warnings],
    }),
    replayed: t.exposeBoolean('replayed', {
      description: 'Whether an earlier request with the same key made the payment.',
    }),
  }),
  refused: { payoutId: null, payoutBatchId: null, warnings: [], replayed: false },
  resolve: (input, context) =>
    payoutCreate(context, {
      accountId: uuidInInput('Account', input.accountId),
      assetId: uuidInInput('Asset', input.assetId),
      recipient: input.recipient ?? null,
      payeeId: input.payeeId == null ? null : uuidInInput('Payee', input.payeeId),
      amount: input.amount,
      memo: input.memo ?? null,
      reference: input.reference ?? null,
      title: input.title ?? null,
      idempotencyKey: input.idempotencyKey,
    }),
});
