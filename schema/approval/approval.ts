import { required } from '../../core/errors.ts';
import { listDecisions } from '../../resolvers/approval/listDecisions.ts';
import type { ApprovalRow } from '../../resolvers/approval/loadApprovals.ts';
import { loadEarlierApprovals } from '../../resolvers/approval/loadEarlierApprovals.ts';
import { loadSigningIntents } from '../../resolvers/approval/loadSigningIntents.ts';
import { loadSigningRequests } from '../../resolvers/approval/loadSigningRequests.ts';
import { loadViewerCanDecide } from '../../resolvers/approval/loadViewerCanDecide.ts';
import { Account } from '../account/account.ts';
import { builder } from '../builder.ts';
import { readNodeId } from '../nodeId.ts';
import { Actor, actorOf } from '../organization/actor.ts';
import { Organization } from '../organization/organization.ts';
import { PayoutBatch } from '../payoutBatch/payoutBatch.ts';
import { ApprovalDecision } from './approvalDecision.ts';
import { SigningIntent } from './signingIntent.ts';
import { SigningRequest } from './signingRequest.ts';

export const ApprovalKind = builder.enumType('ApprovalKind', {
  description: 'What is to be approved.',
  values: {
    PAYOUT_OPEN: { description: 'Funding and opening a batch, which pays all its payouts.' },
    PAYOUT_CLOSE: { description: 'Closing a batch early, which returns what its vault still holds.' },
  } as const,
});

export const ApprovalStatus = builder.enumType('ApprovalStatus', {
  description: 'Where an approval stands.',
  values: {
    PENDING: { description: 'It waits for decisions.' },
    APPROVED: { description: 'Enough owners of the account have signed; it is not executed yet.' },
    REJECTED: { description: 'So many have rejected it that the threshold is out of reach.' },
    STALE: { description: 'Its nonce was used by something else; another approval replaces it.' },
    EXPIRED: { description: 'Its time ran out; the chain refuses it now.' },
    CANCELLED: { description: 'Its batch was cancelled, or what it asks for is needed no more.' },
    EXECUTED: { description: 'The chain executed it.' },
  } as const,
});

export const ApprovalSubject = builder.unionType('ApprovalSubject', {
  description: 'What an approval is about.',
  types: () => [PayoutBatch],
  resolveType: () => 'PayoutBatch',
});

export const Approval = builder.objectRef<ApprovalRow>('Approval');

builder.node(Approval, {
  description:
    'A Safe transaction that an account’s owners are asked to sign. Needs READ in its organization; deciding it needs APPROVAL_DECIDE.',
  id: { resolve: (approval) => approval.id },
  loadWithoutCache: (id, context) => context.loaders.approval.load(id),
  fields: (t) => ({
    kind: t.expose('kind', { type: ApprovalKind, description: 'What is to be approved.' }),
    organization: t.field({
      type: Organization,
      description: 'Whose approval it is.',
      resolve: async (approval, _args, context) =>
        required(await context.loaders.organization.load(approval.organizationId), 'The organization'),
    }),
    account: t.field({
      type: Account,
      description: 'The account whose owners sign.',
      resolve: async (approval, _args, context) =>
        required(await context.loaders.account.load(approval.accountId), 'The approval’s account'),
    }),
    subject: t.field({
      type: ApprovalSubject,
      description: 'What it is about.',
      resolve: async (approval, _args, context) =>
        required(await context.loaders.payoutBatch.load(approval.batchId), 'The approval’s batch'),
    }),
    status: t.expose('status', { type: ApprovalStatus, description: 'Where it stands.' }),
    threshold: t.int({
      description: 'How many owners must sign, as the chain says.',
      resolve: async (approval, _args, context) =>
        required(await context.loaders.account.load(approval.accountId), 'The approval’s account').threshold,
    }),
    decisions: t.field({
      type: [ApprovalDecision],
      description: 'What was decided, in the order of deciding; at most one decision a key.',
      resolve: (approval, _args, context) => context.loaders.by(listDecisions, approval.id),
    }),
    viewerCanDecide: t.boolean({
      description:
        'Whether the viewer can decide it now: it is pending and in time, they hold APPROVAL_DECIDE, a key of theirs is an owner of the account and has not decided yet, and the organization does not separate duties or they had no part in asking for it. Who had may still reject.',
      resolve: (approval, _args, context) => context.loaders.by(loadViewerCanDecide, approval.id),
    }),
    waitsFor: t.field({
      type: Approval,
      nullable: true,
      description: 'The approval whose nonce comes first; null when nothing does.',
      resolve: (approval, _args, context) => context.loaders.by(loadEarlierApprovals, approval.id),
    }),
    replacedBy: t.field({
      type: Approval,
      nullable: true,
      description: 'Set when STALE: the approval that asks for the same batch at another nonce.',
      resolve: ({ replacedById }, _args, context) =>
        replacedById === null ? null : context.loaders.approval.load(replacedById),
    }),
    intent: t.field({
      type: SigningIntent,
      description:
        'What signing will do, decoded from the bytes to be signed and the manifest’s rows. It reads every row of the batch.',
      resolve: async (approval, _args, context) =>
        required(await context.loaders.by(loadSigningIntents, approval.id), 'The intent'),
    }),
    signingRequest: t.field({
      type: SigningRequest,
      description: 'What an approver signs, and what it follows from.',
      resolve: async (approval, _args, context) =>
        required(await context.loaders.by(loadSigningRequests, approval.id), 'The signing request'),
    }),
    requestedBy: t.field({
      type: Actor,
      description: 'Who asked for it.',
      resolve: (approval, _args, context) => actorOf(approval.requestedByUserId, context),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description:
        'When its time ends: past it the chain refuses to open the batch. The same moment stands in the bytes to be signed.',
    }),
  }),
});

export const ApprovalConnection = builder.connectionObject(
  { type: Approval, name: 'ApprovalConnection', description: 'One page of approvals.' },
  { name: 'ApprovalEdge', description: 'An approval with its position in the list.' },
);

builder.queryField('approval', (t) =>
  t.field({
    type: Approval,
    nullable: true,
    description:
      'An approval by its id; null when it does not exist or the viewer is no member of its organization. Needs READ in its organization.',
    args: { id: t.arg.id({ required: true, description: 'The id of the approval.' }) },
    resolve: (_root, { id }, context) => {
      const uuid = readNodeId('Approval', id);
      return uuid === null ? null : context.loaders.approval.load(uuid);
    },
  }),
);
