import { required } from '../../core/errors.ts';
import type { Role as RoleName } from '../../core/permissions.ts';
import type { MembershipRow } from '../../resolvers/organization/listMembers.ts';
import { builder } from '../builder.ts';
import { Organization } from './organization.ts';
import { User } from './user.ts';

/** What each role is for, as the enum and the table of permissions say it. */
export const ROLE_DESCRIPTIONS: Readonly<Record<RoleName, string>> = {
  OWNER: 'May do everything but decide approvals.',
  ADMIN:
    'May open accounts, manage payees and members who are no OWNER, create, submit and cancel batches, and pause and resume payouts.',
  PROPOSER: 'May manage payees, create, submit and cancel batches, and pause payouts.',
  APPROVER: 'May decide approvals, with a key that is an owner of the account on chain, and pause payouts.',
  VIEWER: 'May read.',
};

export const Role = builder.enumType('Role', {
  description: 'What a member is in an organization. `Viewer.permissions` says what the roles add up to.',
  values: {
    OWNER: { description: ROLE_DESCRIPTIONS.OWNER },
    ADMIN: { description: ROLE_DESCRIPTIONS.ADMIN },
    PROPOSER: { description: ROLE_DESCRIPTIONS.PROPOSER },
    APPROVER: { description: ROLE_DESCRIPTIONS.APPROVER },
    VIEWER: { description: ROLE_DESCRIPTIONS.VIEWER },
  } as const,
});

export const Permission = builder.enumType('Permission', {
  description: 'What can be allowed to a member, by their roles.',
  values: {
    READ: { description: 'Read everything of the organization. Every role has it.' },
    ACCOUNT_OPEN: { description: 'Open accounts.' },
    BATCH_CREATE: { description: 'Import and create payout batches, and retry failed ones.' },
    BATCH_SUBMIT: { description: 'Submit payout batches for approval.' },
    BATCH_CANCEL: { description: 'Cancel payout batches.' },
    PAYOUTS_PAUSE: { description: 'Stop the payouts of a chain, an account or a batch for now.' },
    PAYOUTS_RESUME: { description: 'Let paused payouts go on.' },
    APPROVAL_DECIDE: {
      description: 'Grant and reject approvals, with a key that is an owner of the account on chain.',
    },
    PAYEES_MANAGE: { description: 'Add, change and archive payees.' },
    MEMBERS_MANAGE: {
      description:
        'Invite, change and remove members. Only an OWNER makes or unmakes an OWNER, and nobody else gives themself a role.',
    },
    ORGANIZATION_UPDATE: {
      description: 'Change the organization’s name and whether it separates duties.',
    },
  } as const,
});

export const Membership = builder.objectRef<MembershipRow>('Membership').implement({
  description: 'A person’s place in an organization. Needs READ in the organization.',
  fields: (t) => ({
    organization: t.field({
      type: Organization,
      description: 'The organization.',
      resolve: async (membership, _args, context) =>
        required(await context.loaders.organization.load(membership.organizationId), 'The organization'),
    }),
    user: t.field({
      type: User,
      description: 'The person.',
      resolve: async (membership, _args, context) =>
        // Not only while they are a member: they may be removed between the two reads.
        required(await context.loaders.referencedUser.load(membership.userId), 'The member'),
    }),
    roles: t.field({
      type: [Role],
      description: 'What the person is in the organization; at least one role.',
      resolve: (membership) => membership.roles,
    }),
    joinedAt: t.expose('joinedAt', {
      type: 'DateTime',
      description: 'When the person became a member.',
    }),
  }),
});

export const MembershipConnection = builder.connectionObject(
  { type: Membership, name: 'MembershipConnection', description: 'One page of members.' },
  { name: 'MembershipEdge', description: 'A membership with its position in the list.' },
);
