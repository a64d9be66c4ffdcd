import { required } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Actor, actorOf } from '../organization/actor.ts';
import { Invitation } from '../organization/invitation.ts';
import { Role } from '../organization/membership.ts';
import { Organization } from '../organization/organization.ts';
import { User } from '../organization/user.ts';
import { Event, type EventOf } from './event.ts';
import { stillThere } from './subjectOf.ts';

const InvitationEvent = builder
  .interfaceRef<EventOf<'MEMBER_INVITED' | 'INVITATION_REVOKED'>>('InvitationEvent')
  .implement({
    description: 'An entry about an invitation.',
    interfaces: [Event],
    fields: (t) => ({
      invitation: t.field({
        type: Invitation,
        nullable: true,
        description: 'The invitation, as it is now. Needs MEMBERS_MANAGE; null without it.',
        resolve: (event, _args, context) => context.loaders.invitation.load(event.subjectId),
      }),
      displayName: t.string({
        description: 'What the inviting member called the person.',
        resolve: (event) => event.payload.displayName,
      }),
      roles: t.field({
        type: [Role],
        description: 'What the person is to be.',
        resolve: (event) => event.payload.roles,
      }),
      changedBy: t.field({
        type: Actor,
        description: 'Who did it.',
        resolve: (event, _args, context) => actorOf(event.payload.byUserId, context),
      }),
    }),
  });

builder.objectRef<EventOf<'MEMBER_INVITED'>>('MemberInvited').implement({
  description: 'Somebody was asked to become a member.',
  interfaces: [Event, InvitationEvent],
});

builder.objectRef<EventOf<'INVITATION_REVOKED'>>('InvitationRevoked').implement({
  description: 'An invitation was taken back.',
  interfaces: [Event, InvitationEvent],
});

type AnyMemberEvent = EventOf<'MEMBER_JOINED' | 'MEMBER_ROLES_CHANGED' | 'MEMBER_REMOVED'>;

const MemberEvent = builder.interfaceRef<AnyMemberEvent>('MemberEvent').implement({
  description: 'An entry about a member.',
  interfaces: [Event],
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The person, who stays named after they left.',
      resolve: async (event, _args, context) =>
        required(await context.loaders.referencedUser.load(event.subjectId), 'The member'),
    }),
    changedBy: t.field({
      type: Actor,
      description: 'Who did it: the person themself where they joined or left.',
      resolve: (event, _args, context) => actorOf(event.payload.byUserId, context),
    }),
  }),
});

builder.objectRef<EventOf<'MEMBER_JOINED'>>('MemberJoined').implement({
  description: 'Somebody accepted an invitation and is a member.',
  interfaces: [Event, MemberEvent],
  fields: (t) => ({
    roles: t.field({
      type: [Role],
      description: 'What the person is as of this entry.',
      resolve: (event) => event.payload.roles,
    }),
    invitedBy: t.field({
      type: Actor,
      description: 'Who had asked the person.',
      resolve: (event, _args, context) => actorOf(event.payload.invitedByUserId, context),
    }),
    invitation: t.field({
      type: Invitation,
      nullable: true,
      description: 'The invitation that they accepted. Needs MEMBERS_MANAGE; null without it.',
      resolve: (event, _args, context) => context.loaders.invitation.load(event.payload.invitationId),
    }),
  }),
});

builder.objectRef<EventOf<'MEMBER_ROLES_CHANGED'>>('MemberRolesChanged').implement({
  description: 'A member has other roles.',
  interfaces: [Event, MemberEvent],
  fields: (t) => ({
    roles: t.field({
      type: [Role],
      description: 'What the member is as of this entry.',
      resolve: (event) => event.payload.roles,
    }),
    previousRoles: t.field({
      type: [Role],
      description: 'What the member was before.',
      resolve: (event) => event.payload.previousRoles,
    }),
  }),
});

builder.objectRef<EventOf<'MEMBER_REMOVED'>>('MemberRemoved').implement({
  description: 'Somebody is a member no more: they were removed, or left.',
  interfaces: [Event, MemberEvent],
  fields: (t) => ({
    previousRoles: t.field({
      type: [Role],
      description: 'What the member was before.',
      resolve: (event) => event.payload.previousRoles,
    }),
  }),
});

builder.objectRef<EventOf<'ORGANIZATION_UPDATED'>>('OrganizationUpdated').implement({
  description: 'The organization has other settings.',
  interfaces: [Event],
  fields: (t) => ({
    organization: t.field({
      type: Organization,
      description: 'The organization, as it is now.',
      resolve: (event, _args, context) =>
        stillThere(context.loaders.organization.load(event.subjectId), 'The organization'),
    }),
    changedBy: t.field({
      type: Actor,
      description: 'Who did it.',
      resolve: (event, _args, context) => actorOf(event.payload.byUserId, context),
    }),
    name: t.string({
      description: 'What it is called as of this entry.',
      resolve: (event) => event.payload.name,
    }),
    previousName: t.string({
      description: 'What it was called before.',
      resolve: (event) => event.payload.previous.name,
    }),
    separatesDuties: t.boolean({
      description: 'Whether it separates duties as of this entry.',
      resolve: (event) => event.payload.separatesDuties,
    }),
    previouslySeparatedDuties: t.boolean({
      description: 'Whether it separated duties before.',
      resolve: (event) => event.payload.previous.separatesDuties,
    }),
  }),
});
