import { decodeEventCursor, encodeEventCursor } from '../../events/eventCursor.ts';
import { followEvents } from '../../events/followEvents.ts';
import type { EventType } from '../../prisma/generated/database.ts';
import { LIVE_APPROVAL_STATUSES } from '../../transitions/approvalStatus.ts';
import { openWatch, type WatchMessage } from './openWatch.ts';
import { requireHead } from './requireHead.ts';
import { type UpdateKind, updateKind } from './updateKind.ts';
import type { WatchContext } from './watchService.ts';

/** An approval that stands as read now, told because of this entry of the log. */
export type ApprovalUpdate = { cursor: string; occurredAt: Date; kind: UpdateKind; approvalId: string };

const TYPES = [
  'APPROVAL_REQUESTED',
  'APPROVAL_DECIDED',
  'APPROVAL_STATUS_CHANGED',
] as const satisfies EventType[];
const MAX_APPROVALS_PER_SNAPSHOT_READ = 100;

/**
 * Each approval of an organization that is not decided or executed yet, then each change of any approval.
 * @param input.after replays from there, without a snapshot
 * @throws UnauthenticatedError, NotFoundError, ForbiddenError, LimitExceededError; CursorInvalidError and
 *   CursorExpiredError come as the stream's last message
 */
export function approvalUpdated(
  context: WatchContext,
  input: { organizationId: string; after: string | null },
): Promise<AsyncGenerator<WatchMessage<ApprovalUpdate>, void, undefined>> {
  const { organizationId } = input;
  return openWatch(context, { organizationId, what: 'The organization' }, async function* (signal) {
    let after: bigint;
    if (input.after === null) {
      // Before the state: what changes between the two is told again, never left out.
      after = await requireHead(context.log.database, organizationId);
      yield* snapshot(context, organizationId, encodeEventCursor(organizationId, after));
    } else after = decodeEventCursor(organizationId, input.after);
    const filter = { types: TYPES };
    for await (const page of followEvents(context.watch.feed, { organizationId, after, filter, signal })) {
      for (const event of page) {
        yield {
          cursor: encodeEventCursor(organizationId, event.number),
          occurredAt: event.occurredAt,
          kind: updateKind(event.type),
          approvalId: event.subjectId,
        };
      }
    }
  });
}

async function* snapshot(
  context: WatchContext,
  organizationId: string,
  cursor: string,
): AsyncGenerator<ApprovalUpdate, void, undefined> {
  let last: string | null = null;
  for (;;) {
    let query = context.log.database
      .selectFrom('approval')
      .select('id')
      .where('organizationId', '=', organizationId)
      .where('status', 'in', LIVE_APPROVAL_STATUSES)
      .orderBy('id')
      .limit(MAX_APPROVALS_PER_SNAPSHOT_READ);
    if (last !== null) query = query.where('id', '>', last);
    const approvals: { id: string }[] = await query.execute();
    for (const { id } of approvals) {
      yield { cursor, occurredAt: new Date(), kind: 'SNAPSHOT', approvalId: id };
    }
    const end = approvals.at(-1);
    if (end === undefined || approvals.length < MAX_APPROVALS_PER_SNAPSHOT_READ) return;
    last = end.id;
  }
}
