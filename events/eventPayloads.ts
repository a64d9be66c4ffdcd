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

/** What each entry of the log carries, by its type. JSON only: no bigint, no Date. */
export type EventPayloads = {
  ACCOUNT_OPENED: Record<string, never>;
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
};

/** The kind of object an entry is about. */
export const SUBJECT_TYPE = {
  ACCOUNT_OPENED: 'Account',
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
