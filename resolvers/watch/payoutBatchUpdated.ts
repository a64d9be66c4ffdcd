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
    .select(['organizationId', 'accountId', 'chainId'])
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
    // A pause of its account or its chain is one of its own.
    const filter = { subjectIds: [payoutBatchId, batch.accountId, batch.chainId] };
    for await (const page of followEvents(context.watch.feed, { organizationId, after, filter, signal })) {
      for (const event of page) {
        const update = await toUpdate(database, event, payoutBatchId);
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

/** Null for entries that say nothing of a batch’s state. */
async function toUpdate(
  database: Database,
  event: LoggedEvent,
  payoutBatchId: string,
): Promise<PayoutBatchUpdate | null> {
  switch (event.type) {
    case 'PAYOUT_BATCH_CREATED':
    case 'PAYOUT_BATCH_STATUS_CHANGED':
    case 'PAYOUTS_CHANGED':
    case 'PAYOUTS_REORGED':
    case 'PAYOUT_BATCH_PAUSED':
    case 'PAYOUT_BATCH_RESUMED':
      return updateOf(event, payoutBatchId, event.payload);
    case 'ACCOUNT_PAUSED':
    case 'ACCOUNT_RESUMED':
    case 'CHAIN_PAUSED':
    case 'CHAIN_RESUMED': {
      const state = await readStateBefore(database, event, payoutBatchId);
      return state === null ? null : updateOf(event, payoutBatchId, state);
    }
    default:
      return null;
  }
}

function updateOf(
  event: LoggedEvent,
  payoutBatchId: string,
  state: BatchState & { changes?: readonly PayoutRange[] },
): PayoutBatchUpdate {
  return {
    cursor: encodeEventCursor(event.organizationId, event.number),
    occurredAt: event.occurredAt,
    kind: updateKind(event.type),
    status: state.status,
    progress: state.progress,
    changes: state.changes ?? [],
    payoutBatchId,
  };
}

/**
 * How a batch stood when an entry about something else was written: as its own newest entry before that says. Where that is
 * not kept any more, the batch has not changed for as long as entries are kept. Null before it was made.
 */
async function readStateBefore(
  database: Database,
  { organizationId, number, occurredAt }: LoggedEvent,
  payoutBatchId: string,
): Promise<BatchState | null> {
  const earlier = await database
    .selectFrom('event')
    .select('payload')
    .where('organizationId', '=', organizationId)
    .where('subjectId', '=', payoutBatchId)
    .where('number', '<', number)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (earlier !== undefined) {
    const { status, progress } = earlier.payload as BatchState;
    return { status, progress };
  }
  const batch = await database
    .selectFrom('payoutBatch')
    .selectAll()
    .where('id', '=', payoutBatchId)
    .executeTakeFirstOrThrow();
  return batch.createdAt > occurredAt ? null : { status: batch.status, progress: progressOf(batch) };
}
