import type { EventType } from '../../generated/operationTypes.ts';

/** A type that is missing here does not compile. */
const ALL: Record<EventType, true> = {
  ACCOUNT_CHANGED: true,
  ACCOUNT_OPENED: true,
  ACCOUNT_PAUSED: true,
  ACCOUNT_REFUSED: true,
  ACCOUNT_RESUMED: true,
  APPROVAL_DECIDED: true,
  APPROVAL_REQUESTED: true,
  APPROVAL_STATUS_CHANGED: true,
  CHAIN_PAUSED: true,
  CHAIN_RESUMED: true,
  INVITATION_REVOKED: true,
  MEMBER_INVITED: true,
  MEMBER_JOINED: true,
  MEMBER_REMOVED: true,
  MEMBER_ROLES_CHANGED: true,
  ORGANIZATION_UPDATED: true,
  PAYEE_ARCHIVED: true,
  PAYEE_CREATED: true,
  PAYEE_UPDATED: true,
  PAYOUTS_CHANGED: true,
  PAYOUTS_REORGED: true,
  PAYOUT_BATCH_CREATED: true,
  PAYOUT_BATCH_PAUSED: true,
  PAYOUT_BATCH_RESUMED: true,
  PAYOUT_BATCH_STATUS_CHANGED: true,
  TRANSFER_CONFIRMED: true,
  TRANSFER_INCLUDED: true,
  TRANSFER_REORGED: true,
};

/** Every type of entry, by name. */
export const EVENT_TYPES = Object.keys(ALL) as EventType[];
