import { required } from '../../core/errors.ts';
import { listBatchApprovals } from '../../resolvers/approval/listApprovals.ts';
import { listBatchPayouts } from '../../resolvers/payoutBatch/listBatchPayouts.ts';
import { loadBlockers } from '../../resolvers/payoutBatch/loadBlockers.ts';
import { loadEstimatedNetworkFees } from '../../resolvers/payoutBatch/loadEstimatedNetworkFees.ts';
import { loadLargestPayouts } from '../../resolvers/payoutBatch/loadLargestPayouts.ts';
import { loadNetworkFees } from '../../resolvers/payoutBatch/loadNetworkFees.ts';
import type { PayoutBatchRow } from '../../resolvers/payoutBatch/loadPayoutBatches.ts';
import {
  DEFAULT_WARNINGS,
  loadPayoutWarnings,
  payoutWarningsKey,
} from '../../resolvers/payoutBatch/loadPayoutWarnings.ts';
import { listBatchTransactions } from '../../resolvers/transaction/listBatchTransactions.ts';
import { Account } from '../account/account.ts';
import { Approval, ApprovalConnection } from '../approval/approval.ts';
import { builder } from '../builder.ts';
import { Asset } from '../chain/asset.ts';
import { Money } from '../chain/money.ts';
import { connectionOf } from '../connection.ts';
import { readNodeId } from '../nodeId.ts';
import { Actor, actorOf } from '../organization/actor.ts';
import { Organization } from '../organization/organization.ts';
import { ChainTransaction, ChainTransactionConnection } from '../transaction/chainTransaction.ts';
import { Blocker } from './blocker.ts';
import { Payout, PayoutConnection, PayoutStatus } from './payout.ts';
import { PayoutBatchWarning } from './payoutBatchWarning.ts';
import { PayoutProgress } from './payoutProgress.ts';

export const PayoutBatchStatus = builder.enumType('PayoutBatchStatus', {
  description: 'Where a batch stands.',
  values: {
    DRAFT: { description: 'It can still be submitted or cancelled.' },
    PENDING_APPROVAL: { description: 'It waits for its approvers.' },
    APPROVED: {
      description:
        'Enough approvers have signed; it is not open on chain yet. Payouts of a small batch may be SUBMITTED already, and go out with its open; one whose block was just read may be INCLUDED a moment before the batch is EXECUTING.',
    },
    EXECUTING: { description: 'Its vault is open on chain and its payouts are being made.' },
    COMPLETED: { description: 'Every payout is final.' },
    PARTIALLY_FAILED: { description: 'It is closed: some payouts are final, the others failed.' },
    FAILED: { description: 'It is closed and every payout failed.' },
    REJECTED: { description: 'Its approvers refused it.' },
    CANCELLING: { description: 'It was cancelled, but the chain could still open it.' },
    CANCELLED: { description: 'It was cancelled.' },
    EXPIRED: { description: 'It was not opened in time; the chain refuses it now.' },
  } as const,
});

export const PayoutBatch = builder.objectRef<PayoutBatchRow>('PayoutBatch');

builder.node(PayoutBatch, {
  description:
    'Payouts of one asset from one account, approved together: each approver signs once, however many they are. Needs READ in its organization.',
  id: { resolve: (batch) => batch.id },
  loadWithoutCache: (id, context) => context.loaders.payoutBatch.load(id),
  fields: (t) => ({
    title: t.exposeString('title', { description: 'What the organization calls it.' }),
    organization: t.field({
      type: Organization,
      description: 'Whose batch it is.',
      resolve: async (batch, _args, context) =>
        required(await context.loaders.organization.load(batch.organizationId), 'The organization'),
    }),
    account: t.field({
      type: Account,
      description: 'The account that pays.',
      resolve: async (batch, _args, context) =>
        required(await context.loaders.account.load(batch.accountId), 'The batch’s account'),
    }),
    asset: t.field({
      type: Asset,
      description: 'What is paid.',
      resolve: async (batch, _args, context) =>
        required(await context.loaders.asset.load(batch.assetId), 'The batch’s asset'),
    }),
    status: t.expose('status', { type: PayoutBatchStatus, description: 'Where it stands.' }),
    blocker: t.field({
      type: Blocker,
      nullable: true,
      description: 'Why it does not move, when it does not; null while nothing holds it.',
      resolve: (batch, _args, context) => context.loaders.by(loadBlockers, batch.id),
    }),
    total: t.field({
      type: Money,
      description: 'The sum of its payouts.',
      resolve: ({ assetId, totalUnits }) => ({ assetId, units: totalUnits }),
    }),
    estimatedNetworkFee: t.field({
      type: Money,
      nullable: true,
      description:
        'What opening it and making all its payouts is expected to cost in network fees, data fees of a second layer included, in the chain’s native asset and at the chain’s fees as they were observed last, at most an hour ago. The service’s relayer pays them, not the account. It takes every recipient for a new holder of the asset, so that most batches cost less, and is rounded up to three digits. Null once the batch has ended, and while no fees of the chain were observed of late.',
      resolve: (batch, _args, context) => context.loaders.by(loadEstimatedNetworkFees, batch.id),
    }),
    networkFee: t.field({
      type: Money,
      description:
        'What this system’s transactions for it have cost in network fees so far, by the blocks they are in, in the chain’s native asset; those that the chain undid count, and other people’s do not. The service’s relayer paid them, not the account. 0 while no block has one.',
      resolve: async (batch, _args, context) =>
        required(await context.loaders.by(loadNetworkFees, batch.id), 'The batch’s network fee'),
    }),
    createdBy: t.field({
      type: Actor,
      description: 'Who made it.',
      resolve: (batch, _args, context) => actorOf(batch.createdByUserId, context),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    submittedAt: t.expose('submittedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was submitted for approval; null before that.',
    }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended, well or not; null before that.',
    }),
  }),
});

/** Its payouts. */
builder.objectFields(PayoutBatch, (t) => ({
  payoutCount: t.exposeInt('payoutCount', { description: 'How many payouts it has.' }),
  newRecipientCount: t.exposeInt('newRecipientCount', {
    description: 'How many of its payouts go to a new recipient: see `Payout.isNewRecipient`.',
  }),
  largestPayout: t.field({
    type: Payout,
    nullable: true,
    description: 'The largest of its payouts, the first of them where several are as large.',
    resolve: (batch, _args, context) => context.loaders.by(loadLargestPayouts, batch.id),
  }),
  warningCount: t.exposeInt('warningCount', {
    description: 'How many warnings there were when it was made, listed or not.',
  }),
  warnings: t.field({
    type: [PayoutBatchWarning],
    description:
      'What was worth a look when it was made, in the order of its payouts: at most 1,000 are kept, possible fraud before the rest where there are more. A batch that pays failed payouts again has theirs.',
    args: {
      first: t.arg.int({
        defaultValue: DEFAULT_WARNINGS,
        description: 'How many, from the first payout on: 0 to 1,000.',
      }),
    },
    resolve: (batch, { first }, context) =>
      context.loaders.by(
        loadPayoutWarnings,
        payoutWarningsKey({ batchId: batch.id, first: first ?? DEFAULT_WARNINGS }),
      ),
  }),
  progress: t.field({
    type: PayoutProgress,
    description: 'How many of its payouts stand where.',
    resolve: (batch) => ({
      pending: batch.pendingCount,
      submitted: batch.submittedCount,
      included: batch.includedCount,
      confirmed: batch.confirmedCount,
      final: batch.finalCount,
      undelivered: batch.undeliveredCount,
      failed: batch.failedCount,
    }),
  }),
  payouts: t.connection(
    {
      type: Payout,
      description: 'Its payouts, in the file’s order.',
      args: {
        fromIndex: t.arg.int({
          description: 'Only rows from this one on, counted from 0; less is refused.',
        }),
        status: t.arg({ type: [PayoutStatus], description: 'Only payouts with one of these statuses.' }),
        newRecipient: t.arg.boolean({
          description: 'True: only payouts to a new recipient. False: only the others.',
        }),
      },
      resolve: async (batch, { fromIndex, status, newRecipient, ...page }, context) =>
        connectionOf(
          await context.loaders.page(listBatchPayouts, batch.id, page, {
            fromIndex: fromIndex ?? null,
            statuses: status ?? null,
            newRecipient: newRecipient ?? null,
          }),
        ),
    },
    PayoutConnection,
  ),
}));

/** What the chain and its approvers do about it. */
builder.objectFields(PayoutBatch, (t) => ({
  transactions: t.connection(
    {
      type: ChainTransaction,
      description: 'The transactions that were made for it or touched it, oldest first.',
      resolve: async (batch, args, context) =>
        connectionOf(await context.loaders.page(listBatchTransactions, batch.id, args, null)),
    },
    ChainTransactionConnection,
  ),
  approvals: t.connection(
    {
      type: Approval,
      description: 'What was asked of its approvers, oldest first.',
      resolve: async (batch, args, context) =>
        connectionOf(await context.loaders.page(listBatchApprovals, batch.id, args, null)),
    },
    ApprovalConnection,
  ),
}));

export const PayoutBatchConnection = builder.connectionObject(
  { type: PayoutBatch, name: 'PayoutBatchConnection', description: 'One page of payout batches.' },
  { name: 'PayoutBatchEdge', description: 'A payout batch with its position in the list.' },
);

builder.queryField('payoutBatch', (t) =>
  t.field({
    type: PayoutBatch,
    nullable: true,
    description:
      'A payout batch by its id; null when it does not exist or the viewer is no member of its organization. Needs READ in its organization.',
    args: { id: t.arg.id({ required: true, description: 'The id of the payout batch.' }) },
    resolve: (_root, { id }, context) => {
      const uuid = readNodeId('PayoutBatch', id);
      return uuid === null ? null : context.loaders.payoutBatch.load(uuid);
    },
  }),
);
