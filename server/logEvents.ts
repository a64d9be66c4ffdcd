import type { NewEvent } from '../events/eventPayloads.ts';
import type { Logger } from './logger.ts';

/**
 * Writes what was recorded in the event log as log lines, in whichever process committed it: what happened to a batch is
 * found by its `batchId`, in all of them. Statuses, rows and ids alone: names, amounts and addresses of people stay out.
 * @param chains CAIP-2 by the chains' row ids
 */
export function logEvents(logger: Logger, chains: ReadonlyMap<string, string>) {
  return (events: readonly NewEvent[], requestId: string | null): void => {
    for (const event of events) {
      const { organizationId, type } = event;
      // Anybody may send an account dust, as often as they like.
      const level = type.startsWith('TRANSFER_') ? 'debug' : 'info';
      logger[level](
        {
          ...(requestId === null ? {} : { requestId }),
          organizationId,
          event: type,
          ...fieldsOf(event, chains),
        },
        'recorded',
      );
    }
  };
}

function fieldsOf(event: NewEvent, chains: ReadonlyMap<string, string>): object {
  const { subjectId } = event;
  switch (event.type) {
    case 'PAYOUT_BATCH_PAUSED':
    case 'PAYOUT_BATCH_RESUMED':
      return { batchId: subjectId };
    case 'CHAIN_PAUSED':
    case 'CHAIN_RESUMED':
      return { chain: chains.get(subjectId) ?? null };
    case 'ACCOUNT_PAUSED':
    case 'ACCOUNT_RESUMED':
      return { accountId: subjectId };
    case 'PAYOUT_BATCH_CREATED':
      return { batchId: subjectId, status: event.payload.status };
    case 'PAYOUT_BATCH_STATUS_CHANGED': {
      const { previousStatus, status, progress } = event.payload;
      return { batchId: subjectId, previousStatus, status, progress };
    }
    case 'PAYOUTS_CHANGED':
    case 'PAYOUTS_REORGED': {
      const { status, changes } = event.payload;
      return {
        batchId: subjectId,
        status,
        // Rows firstRow to lastRow, both included; 0 is the file's first payout.
        rows: changes.map(({ firstIndex, lastIndex, ...change }) => ({
          firstRow: firstIndex,
          lastRow: lastIndex,
          ...change,
        })),
      };
    }
    case 'APPROVAL_REQUESTED':
      return { batchId: event.payload.payoutBatchId, approvalId: subjectId };
    case 'APPROVAL_DECIDED':
      return {
        batchId: event.payload.payoutBatchId,
        approvalId: subjectId,
        verdict: event.payload.verdict,
      };
    case 'APPROVAL_STATUS_CHANGED': {
      const { payoutBatchId, previousStatus, status } = event.payload;
      return { batchId: payoutBatchId, approvalId: subjectId, previousStatus, status };
    }
    default:
      return { subjectId };
  }
}
