import { required } from '../../core/errors.ts';
import type { PayoutRow } from '../../resolvers/payoutBatch/readPayoutStatus.ts';
import { builder } from '../builder.ts';
import { Money } from '../chain/money.ts';
import { Payee } from '../payee/payee.ts';
import { ChainTransaction } from '../transaction/chainTransaction.ts';
import { PayoutBatch } from './payoutBatch.ts';

export const PayoutStatus = builder.enumType('PayoutStatus', {
  description:
    'Where a payout stands. A reorganization takes INCLUDED, CONFIRMED and UNDELIVERED back to SUBMITTED or PENDING.',
  values: {
    PENDING: { description: 'No transaction is to pay it yet.' },
    SUBMITTED: {
      description: 'Signed bytes are committed; the outcome is unknown. A time-out is never a failure.',
    },
    INCLUDED: { description: 'It was paid in a block that may still be taken back.' },
    CONFIRMED: { description: 'As many blocks are on top of its own as this chain asks for.' },
    FINAL: { description: 'It was paid, and no reorganization can take that back.' },
    UNDELIVERED: {
      description:
        'The chain tried and could not deliver it; it is still owed and can be tried again until the batch closes.',
    },
    FAILED: {
      description:
        'The batch is closed in a final block and this row was never delivered; its money is back in the account.',
    },
  } as const,
});

export const PayoutFailureCode = builder.enumType('PayoutFailureCode', {
  description: 'Why a payout could not be delivered.',
  values: {
    RECIPIENT_REVERTED: { description: 'The recipient’s contract refused it.' },
    TOKEN_REFUSED: { description: 'The token refused to move to this recipient.' },
    SCREENED: { description: 'Screening stopped it.' },
    CANCELLED: { description: 'The batch was closed before it was delivered.' },
    EXPIRED: { description: 'The time of the batch ran out before it was delivered.' },
  } as const,
});

export const PayoutFailure = builder.objectRef<PayoutRow>('PayoutFailure').implement({
  description: 'Why a payout could not be delivered.',
  fields: (t) => ({
    code: t.field({
      type: PayoutFailureCode,
      description: 'The reason, for programs.',
      resolve: (payout) => required(payout.failureCode, 'The failure’s code'),
    }),
    message: t.string({
      description: 'The reason, for people.',
      resolve: (payout) => payout.failureMessage ?? 'The payout could not be delivered.',
    }),
  }),
});

export const Payout = builder.objectRef<PayoutRow>('Payout');

builder.node(Payout, {
  description:
    'One payment of a batch: a row of its file, or the part of one that goes to one of a payee’s destinations. Needs READ in its organization.',
  id: { resolve: (payout) => payout.id },
  loadWithoutCache: (id, context) => context.loaders.payout.load(id),
  fields: (t) => ({
    batch: t.field({
      type: PayoutBatch,
      description: 'The batch it is part of.',
      resolve: async (payout, _args, context) =>
        required(await context.loaders.payoutBatch.load(payout.batchId), 'The payout’s batch'),
    }),
    index: t.exposeInt('rowIndex', { description: 'Its row in the batch, counted from 0.' }),
    recipient: t.expose('recipient', { type: 'Address', description: 'Who is paid.' }),
    amount: t.field({
      type: Money,
      description: 'How much.',
      resolve: ({ assetId, units }) => ({ assetId, units }),
    }),
    memo: t.exposeString('memo', { nullable: true, description: 'What it is for; not on chain.' }),
    reference: t.exposeString('reference', {
      nullable: true,
      description:
        'The organization’s own number for it; not on chain. In a batch it is of one row of the file, which a payee with several destinations makes several payouts of.',
    }),
    payee: t.field({
      type: Payee,
      nullable: true,
      description:
        'At whose address it is paid, as the address book stood when the batch was made; null for nobody’s.',
      resolve: ({ payeeId }, _args, context) =>
        payeeId === null ? null : context.loaders.payee.load(payeeId),
    }),
    isNewRecipient: t.exposeBoolean('isNewRecipient', {
      description:
        'Whether, when the batch was made, no earlier batch of the organization that the chain opened had paid the recipient on this chain, whatever the address book says: `payee` tells that apart. False for payouts from before this was kept.',
    }),
    status: t.expose('status', { type: PayoutStatus, description: 'Where it stands.' }),
    transaction: t.field({
      type: ChainTransaction,
      nullable: true,
      description: 'The transaction that landed, whoever sent it; null before that.',
      resolve: ({ transactionId }, _args, context) =>
        transactionId === null ? null : context.loaders.referencedTransaction.load(transactionId),
    }),
    failure: t.field({
      type: PayoutFailure,
      nullable: true,
      description: 'Why it could not be delivered; null while nothing went wrong.',
      resolve: (payout) => (payout.failureCode === null ? null : payout),
    }),
  }),
});

export const PayoutConnection = builder.connectionObject(
  { type: Payout, name: 'PayoutConnection', description: 'One page of payouts.' },
  { name: 'PayoutEdge', description: 'A payout with its position in the list.' },
);
