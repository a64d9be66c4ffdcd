import { listAccounts } from '../../resolvers/account/listAccounts.ts';
import { listOrganizationApprovals } from '../../resolvers/approval/listApprovals.ts';
import { listMembers } from '../../resolvers/organization/listMembers.ts';
import type { OrganizationRow } from '../../resolvers/organization/loadOrganizations.ts';
import {
  DEFAULT_VOLUME_DAYS,
  loadPayoutVolumes,
  payoutVolumeKey,
} from '../../resolvers/organization/loadPayoutVolumes.ts';
import { listPayees } from '../../resolvers/payee/listPayees.ts';
import { listOrganizationPayouts } from '../../resolvers/payoutBatch/listOrganizationPayouts.ts';
import { listOrganizationBatches } from '../../resolvers/payoutBatch/listPayoutBatches.ts';
import { Account, AccountConnection } from '../account/account.ts';
import { Approval, ApprovalConnection, ApprovalStatus } from '../approval/approval.ts';
import { builder } from '../builder.ts';
import { connectionOf, emptyConnection } from '../connection.ts';
import { readNodeId } from '../nodeId.ts';
import { Payee, PayeeConnection } from '../payee/payee.ts';
import { Payout, PayoutConnection, PayoutStatus } from '../payoutBatch/payout.ts';
import { PayoutBatch, PayoutBatchConnection, PayoutBatchStatus } from '../payoutBatch/payoutBatch.ts';
import { Membership, MembershipConnection } from './membership.ts';
import { PayoutVolume } from './payoutVolume.ts';

export const Organization = builder.objectRef<OrganizationRow>('Organization');

builder.node(Organization, {
  description:
    'A company or other body with its own accounts, members and event log. Needs READ in it, as does everything below it; to everybody else it does not exist.',
  id: { resolve: (organization) => organization.id },
  loadWithoutCache: (id, context) => context.loaders.organization.load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What the organization is called.' }),
    separatesDuties: t.exposeBoolean('separatesDuties', {
      description:
        'Whether those who made, submitted or cancelled a batch are kept from granting its approval here (DUTIES_SEPARATED); they may reject it. Only an OWNER makes an APPROVER then. What keeps them from signing elsewhere is the account’s threshold alone.',
    }),
    eventCursor: t.field({
      type: 'EventCursor',
      description:
        'The end of the organization’s event log, read before every other field of the operation: subscribe with it and nothing lies between.',
      resolve: (organization, _args, context) =>
        context.eventCursors?.get(organization.id) ?? organization.eventCursor,
    }),
    members: t.connection(
      {
        type: Membership,
        nullable: true,
        description: 'Who belongs to the organization, in the order in which they became known here.',
        resolve: async (organization, args, context) =>
          connectionOf(await context.loaders.page(listMembers, organization.id, args, null)),
      },
      MembershipConnection,
    ),
    accounts: t.connection(
      {
        type: Account,
        description: 'The organization’s accounts, oldest first.',
        args: { chainId: t.arg.id({ description: 'Only accounts on this chain.' }) },
        resolve: async (organization, { chainId, ...page }, context) => {
          const chain = chainId == null ? null : readNodeId('Chain', chainId);
          if (chainId != null && chain === null) return emptyConnection();
          return connectionOf(
            await context.loaders.page(listAccounts, organization.id, page, { chainId: chain }),
          );
        },
      },
      AccountConnection,
    ),
  }),
});

/** What it pays and has paid. */
builder.objectFields(Organization, (t) => ({
  payoutBatches: t.connection(
    {
      type: PayoutBatch,
      description: 'The organization’s payout batches, newest first.',
      args: {
        status: t.arg({
          type: [PayoutBatchStatus],
          description: 'Only batches with one of these statuses.',
        }),
      },
      resolve: async (organization, { status, ...page }, context) =>
        connectionOf(
          await context.loaders.page(listOrganizationBatches, organization.id, page, {
            statuses: status ?? null,
          }),
        ),
    },
    PayoutBatchConnection,
  ),
  payouts: t.connection(
    {
      type: Payout,
      description:
        'Payouts of all batches: newest batch first, and in a batch the last row first. It answers whether somebody was paid.',
      args: {
        reference: t.arg.string({ description: 'Only payouts with exactly this reference.' }),
        recipient: t.arg.string({
          description: 'Only payouts to this address, written in any case. What is no address is refused.',
        }),
        status: t.arg({ type: [PayoutStatus], description: 'Only payouts with one of these statuses.' }),
      },
      resolve: async (organization, { reference, recipient, status, ...page }, context) =>
        connectionOf(
          await context.loaders.page(listOrganizationPayouts, organization.id, page, {
            reference: reference ?? null,
            recipient: recipient ?? null,
            statuses: status ?? null,
          }),
        ),
    },
    PayoutConnection,
  ),
  payoutVolume: t.field({
    type: [PayoutVolume],
    description:
      'Final payouts by day and asset over the last days, earliest day first, for a chart. Days are in UTC, by the time of the block that paid; a day on which nothing was paid of an asset has no entry.',
    args: {
      days: t.arg.int({
        defaultValue: DEFAULT_VOLUME_DAYS,
        description: 'How many days, 1 to 366, today included.',
      }),
    },
    resolve: (organization, { days }, context) =>
      context.loaders.by(
        loadPayoutVolumes,
        payoutVolumeKey({ organizationId: organization.id, days: days ?? DEFAULT_VOLUME_DAYS }),
      ),
  }),
}));

/** Whom it pays, and what is to be approved. */
builder.objectFields(Organization, (t) => ({
  payees: t.connection(
    {
      type: Payee,
      description: 'The organization’s address book, by name.',
      args: {
        search: t.arg.string({
          description: 'Only payees whose name or reference holds this text, in any case.',
        }),
        archived: t.arg.boolean({
          defaultValue: false,
          description: 'True: those that were archived. False: those that stand in the address book.',
        }),
      },
      resolve: async (organization, { search, archived, ...page }, context) =>
        connectionOf(
          await context.loaders.page(listPayees, organization.id, page, {
            search: search ?? null,
            archived: archived ?? false,
          }),
        ),
    },
    PayeeConnection,
  ),
  approvals: t.connection(
    {
      type: Approval,
      description: 'What was and is to be approved, newest first.',
      args: {
        status: t.arg({
          type: [ApprovalStatus],
          description: 'Only approvals with one of these statuses.',
        }),
        awaitingViewer: t.arg.boolean({
          description: 'True: only those that the viewer can decide now. False: only the others.',
        }),
      },
      resolve: async (organization, { status, awaitingViewer, ...page }, context) =>
        connectionOf(
          await context.loaders.page(listOrganizationApprovals, organization.id, page, {
            statuses: status ?? null,
            awaitingViewer: awaitingViewer ?? null,
          }),
        ),
    },
    ApprovalConnection,
  ),
}));

builder.queryField('organization', (t) =>
  t.field({
    type: Organization,
    nullable: true,
    description:
      'An organization by its id; null when it does not exist or the viewer is no member of it. Needs READ in it.',
    args: { id: t.arg.id({ required: true, description: 'The id of the organization.' }) },
    resolve: (_root, { id }, context) => {
      const uuid = readNodeId('Organization', id);
      return uuid === null ? null : context.loaders.organization.load(uuid);
    },
  }),
);
