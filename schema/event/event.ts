import type { LoggedEvent } from '../../events/eventPayloads.ts';
import type { EventType as EventTypeName } from '../../prisma/generated/database.ts';
import { cursorOf } from '../../resolvers/event/cursorOf.ts';
import { builder } from '../builder.ts';
import { EventType } from './eventType.ts';
import { subjectOf } from './subjectOf.ts';

/** An entry of one type. */
export type EventOf<Type extends EventTypeName> = Extract<LoggedEvent, { type: Type }>;

/** `PAYOUTS_CHANGED` is told by the object type `PayoutsChanged`. */
export const EVENT_TYPE_NAMES = {
  ACCOUNT_OPENED: 'AccountOpened',
  ACCOUNT_REFUSED: 'AccountRefused',
  ACCOUNT_CHANGED: 'AccountChanged',
  TRANSFER_INCLUDED: 'TransferIncluded',
  TRANSFER_CONFIRMED: 'TransferConfirmed',
  TRANSFER_REORGED: 'TransferReorged',
  PAYOUT_BATCH_CREATED: 'PayoutBatchCreated',
  PAYOUT_BATCH_STATUS_CHANGED: 'PayoutBatchStatusChanged',
  PAYOUTS_CHANGED: 'PayoutsChanged',
  PAYOUTS_REORGED: 'PayoutsReorged',
  APPROVAL_REQUESTED: 'ApprovalRequested',
  APPROVAL_DECIDED: 'ApprovalDecided',
  APPROVAL_STATUS_CHANGED: 'ApprovalStatusChanged',
  MEMBER_INVITED: 'MemberInvited',
  INVITATION_REVOKED: 'InvitationRevoked',
  MEMBER_JOINED: 'MemberJoined',
  MEMBER_ROLES_CHANGED: 'MemberRolesChanged',
  MEMBER_REMOVED: 'MemberRemoved',
  ORGANIZATION_UPDATED: 'OrganizationUpdated',
  PAYEE_CREATED: 'PayeeCreated',
  PAYEE_UPDATED: 'PayeeUpdated',
  PAYEE_ARCHIVED: 'PayeeArchived',
  CHAIN_PAUSED: 'ChainPaused',
  CHAIN_RESUMED: 'ChainResumed',
  ACCOUNT_PAUSED: 'AccountPaused',
  ACCOUNT_RESUMED: 'AccountResumed',
  PAYOUT_BATCH_PAUSED: 'PayoutBatchPaused',
  PAYOUT_BATCH_RESUMED: 'PayoutBatchResumed',
} as const satisfies Record<EventTypeName, string>;

export const Event = builder.interfaceRef<LoggedEvent>('Event').implement({
  description:
    'One entry of the organization’s append-only log: numbered in commit order, none skipped. The same entry has the same cursor in queries and subscriptions. There is one object type an EventType; new types are not a breaking change. Needs READ in the organization.',
  resolveType: (event) => EVENT_TYPE_NAMES[event.type],
  fields: (t) => ({
    cursor: t.field({
      type: 'EventCursor',
      description: 'The position of this entry: what comes after it follows from here.',
      resolve: cursorOf,
    }),
    type: t.expose('type', { type: EventType, description: 'What it tells.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it was written.' }),
    subject: t.field({
      type: builder.nodeInterfaceRef(),
      nullable: true,
      description: 'The object that it is about, as it is now.',
      resolve: (event, _args, context) => subjectOf(event, context),
    }),
  }),
});
