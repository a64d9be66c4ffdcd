import type { Role } from '../core/permissions.ts';
import type { SafeFault, SafePart } from '../core/safeFaults.ts';
import type {
  ApprovalStatus,
  EventType,
  PayoutBatchStatus,
  PayoutStatus,
  Verdict,
} from '../prisma/generated/database.ts';

/** Counts that always add up to the batch's payoutCount. */
export type PayoutProgress = {
  pending: number;
  submitted: number;
  included: number;
  confirmed: number;
  final: number;
  undelivered: number;
  failed: number;
};

/** Rows firstIndex to lastIndex (both included) now have this status. */
export type PayoutRange = {
  firstIndex: number;
  lastIndex: number;
  status: PayoutStatus;
  transactionId: string | null;
};

/** How a batch stands as of the entry: what `payoutBatchUpdated` shows without reading the batch of now. */
export type BatchState = { status: PayoutBatchStatus; progress: PayoutProgress };

type PayoutsPayload = BatchState & { changes: PayoutRange[] };

/** Who did it: the uuid of the user. */
type ByUser = { byUserId: string };

type InvitedMember = ByUser & { displayName: string; roles: Role[] };

/** What an organization's owners decide about it. */
export type OrganizationSettings = { name: string; separatesDuties: boolean };

/** A payee as of the entry: whoever reads the log sees what an address was changed to, and by whom. */
type PayeeState = ByUser & {
  name: string;
  reference: string;
  destinations: { chainId: string; assetId: string; address: string; shareMillionths: number }[];
};

/** Somebody stopped something for now, and why. */
type Paused = ByUser & { reason: string };

/** What each entry of the log carries, by its type. JSON only: no bigint, no Date. */
export type EventPayloads = {
  ACCOUNT_OPENED: Record<string, never>;
  ACCOUNT_REFUSED: { faults: SafeFault[] };
  /** `faults` as of the entry: empty once nothing is wrong any more. */
  ACCOUNT_CHANGED: { changed: SafePart[]; faults: SafeFault[] };
  TRANSFER_INCLUDED: { accountId: string };
  TRANSFER_CONFIRMED: { accountId: string };
  TRANSFER_REORGED: { accountId: string };
  PAYOUT_BATCH_CREATED: BatchState;
  PAYOUT_BATCH_STATUS_CHANGED: BatchState & { previousStatus: PayoutBatchStatus };
  PAYOUTS_CHANGED: PayoutsPayload;
  PAYOUTS_REORGED: PayoutsPayload;
  APPROVAL_REQUESTED: { payoutBatchId: string };
  APPROVAL_DECIDED: { payoutBatchId: string; signerAddress: string; verdict: Verdict };
  APPROVAL_STATUS_CHANGED: { payoutBatchId: string; previousStatus: ApprovalStatus; status: ApprovalStatus };
  MEMBER_INVITED: InvitedMember;
  INVITATION_REVOKED: InvitedMember;
  MEMBER_JOINED: ByUser & { roles: Role[]; invitationId: string; invitedByUserId: string };
  MEMBER_ROLES_CHANGED: ByUser & { roles: Role[]; previousRoles: Role[] };
  MEMBER_REMOVED: ByUser & { previousRoles: Role[] };
  ORGANIZATION_UPDATED: ByUser & OrganizationSettings & { previous: OrganizationSettings };
  PAYEE_CREATED: PayeeState;
  PAYEE_UPDATED: PayeeState;
  PAYEE_ARCHIVED: PayeeState;
  CHAIN_PAUSED: Paused;
  CHAIN_RESUMED: ByUser;
  ACCOUNT_PAUSED: Paused;
  ACCOUNT_RESUMED: ByUser;
  PAYOUT_BATCH_PAUSED: BatchState & Paused;
  PAYOUT_BATCH_RESUMED: BatchState & ByUser;
};

/** The kind of object an entry is about. */
export const SUBJECT_TYPE = {
  ACCOUNT_OPENED: 'Account',
  ACCOUNT_REFUSED: 'Account',
  ACCOUNT_CHANGED: 'Account',
  TRANSFER_INCLUDED: 'Transfer',
  TRANSFER_CONFIRMED: 'Transfer',
  TRANSFER_REORGED: 'Transfer',
  PAYOUT_BATCH_CREATED: 'PayoutBatch',
  PAYOUT_BATCH_STATUS_CHANGED: 'PayoutBatch',
  PAYOUTS_CHANGED: 'PayoutBatch',
  PAYOUTS_REORGED: 'PayoutBatch',
  APPROVAL_REQUESTED: 'Approval',
  APPROVAL_DECIDED: 'Approval',
  APPROVAL_STATUS_CHANGED: 'Approval',
  MEMBER_INVITED: 'Invitation',
  INVITATION_REVOKED: 'Invitation',
  MEMBER_JOINED: 'User',
  MEMBER_ROLES_CHANGED: 'User',
  MEMBER_REMOVED: 'User',
  ORGANIZATION_UPDATED: 'Organization',
  PAYEE_CREATED: 'Payee',
  PAYEE_UPDATED: 'Payee',
  PAYEE_ARCHIVED: 'Payee',
  CHAIN_PAUSED: 'Chain',
  CHAIN_RESUMED: 'Chain',
  ACCOUNT_PAUSED: 'Account',
  ACCOUNT_RESUMED: 'Account',
  PAYOUT_BATCH_PAUSED: 'PayoutBatch',
  PAYOUT_BATCH_RESUMED: 'PayoutBatch',
} as const satisfies Record<EventType, string>;

/** An entry about to be written. */
export type NewEvent = {
  [Type in EventType]: {
    organizationId: string;
    type: Type;
    /** uuid of the object that SUBJECT_TYPE names. */
    subjectId: string;
    payload: EventPayloads[Type];
  };
}[EventType];

/** An entry as it stands in the log. */
export type LoggedEvent = {
  [Type in EventType]: {
    organizationId: string;
    /** 1 for an organization's first entry; the next is one more, in commit order. */
    number: bigint;
    type: Type;
    subjectType: (typeof SUBJECT_TYPE)[Type];
    subjectId: string;
    payload: EventPayloads[Type];
    occurredAt: Date;
  };
}[EventType];
