import type { PayoutBatchStatus } from '../../generated/operationTypes.ts';

/** What the list can be narrowed to, by its name in the URL's query (`?show=`). */
export const BATCH_FILTERS = {
  all: null,
  drafts: ['DRAFT'],
  waiting: ['PENDING_APPROVAL', 'APPROVED'],
  paying: ['EXECUTING', 'CANCELLING'],
  paid: ['COMPLETED'],
  troubled: ['PARTIALLY_FAILED', 'FAILED'],
  ended: ['REJECTED', 'CANCELLED', 'EXPIRED'],
} as const satisfies Record<string, readonly PayoutBatchStatus[] | null>;
export type BatchFilter = keyof typeof BATCH_FILTERS;

export function readBatchFilter(query: URLSearchParams): BatchFilter {
  const shown = query.get('show');
  return shown !== null && Object.hasOwn(BATCH_FILTERS, shown) ? (shown as BatchFilter) : 'all';
}
