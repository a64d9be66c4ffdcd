import { NotFoundError } from '../../core/errors.ts';
import { decodeEventCursor, encodeEventCursor } from '../../events/eventCursor.ts';
import type { BatchState, LoggedEvent, PayoutRange } from '../../events/eventPayloads.ts';
import { followEvents } from '../../events/followEvents.ts';
import type { Database } from '../../prisma/database.ts';
import { progressOf } from '../../transitions/payoutBatchStatus.ts';
import { requireViewer } from '../authorize.ts';
import { openWatch, type WatchMessage } from './openWatch.ts';
import { type UpdateKind, updateKind } from './updateKind.ts';
import type { WatchContext } from './watchService.ts';

/** A batch as of a position of its organization's log. */
export type PayoutBatchUpdate = BatchState & {
  cursor: string;
  occurredAt: Date;
  kind: UpdateKind;
  /** What this entry changed; empty for a snapshot. */
  changes: readonly PayoutRange[];
  payoutBatchId: string;
};

const WHAT = 'The payout batch';

/**
 * A payout batch as it stands, then each change of it.
 * @param input.after replays from there, without a snapshot
 * @throws UnauthenticatedError, NotFoundError, LimitExceededError; CursorInvalidError and CursorExpiredError come as the
 *   stream's last message
 */
export async function payoutBatchUpdated(
  context: WatchContext,
  input: { payoutBatchId: string; after: string | null },
): Promise<AsyncGenerator<WatchMessage<PayoutBatchUpdate>, void, undefined>> {
  requireViewer(context);
  const { payoutBatchId } = input;
  const { database } = context.log;
  const batch = await database
    .selectFrom('payoutBatch')
    .select('organizationId')
    .where('id', '=', payoutBatchId)
    .executeTakeFirst();
  if (batch === undefined) throw new NotFoundError(WHAT);
  const { organizationId } = batch;

  return openWatch(context, { organizationId, what: WHAT }, async function* (signal) {
    let after: bigint;
    if (input.after === null) {
      const { head, update } = await readSnapshot(database, organizationId, payoutBatchId);
      yield update;
      after = head;
    } else after = decodeEventCursor(organizationId, input.after);
    const filter = { subjectId: payoutBatchId };
    for await (const page of followEvents(context.watch.feed, { organizationId, after, filter, signal })) {
      for (const event of page) {
        const update = toUpdate(event);
        if (update !== null) yield update;
      }
    }
  });
}

/** The batch and the log's head by one statement: of one moment, so that the state is exactly that of the cursor. */
async function readSnapshot(
  database: Database,
  organizationId: string,
  payoutBatchId: string,
): Promise<{ head: bigint; update: PayoutBatchUpdate }> {
  const { head, ...batch } = await database
    .selectFrom('payoutBatch')
    .innerJoin('eventLogHead', 'eventLogHead.organizationId', 'payoutBatch.organizationId')
    .selectAll('payoutBatch')
    .select('eventLogHead.head')
    .where('payoutBatch.id', '=', payoutBatchId)
    .executeTakeFirstOrThrow(() => new NotFoundError(WHAT));
  return {
    head,
    update: {
      cursor: encodeEventCursor(organizationId, head),
      occurredAt: new Date(),
      kind: 'SNAPSHOT',
      status: batch.status,
      progress: progressOf(batch),
      changes: [],
      payoutBatchId,
    },
  };
}

/** Null for entries that say nothing of a batch's state. */
function toUpdate(event: LoggedEvent): PayoutBatchUpdate | null {
  switch (event.type) {
    case 'PAYOUT_BATCH_CREATED':
    case 'PAYOUT_BATCH_STATUS_CHANGED':
    case 'PAYOUTS_CHANGED':
    case 'PAYOUTS_REORGED':
    case 'PAYOUT_BATCH_PAUSED':
    case 'PAYOUT_BATCH_RESUMED':
      return {
        cursor: encodeEventCursor(event.organizationId, event.number),
        occurredAt: event.occurredAt,
        kind: updateKind(event.type),
        status: event.payload.status,
        progress: event.payload.progress,
        changes: 'changes' in event.payload ? event.payload.changes : [],
        payoutBatchId: event.subjectId,
      };
    default:
      return null;
  }
}
