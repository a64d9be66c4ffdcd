import { NotFoundError } from '../../core/errors.ts';
import { decodeEventCursor, encodeEventCursor } from '../../events/eventCursor.ts';
import { followEvents } from '../../events/followEvents.ts';
import type { Database } from '../../prisma/database.ts';
import type { EventType } from '../../prisma/generated/database.ts';
import { MATURING_TRANSFER_STATUSES } from '../../transitions/transferStatus.ts';
import { requireViewer } from '../authorize.ts';
import { openWatch, type WatchMessage } from './openWatch.ts';
import { requireHead } from './requireHead.ts';
import { type UpdateKind, updateKind } from './updateKind.ts';
import type { WatchContext } from './watchService.ts';

/** A transfer that stands as read now, told because of this entry of the log. */
export type TransferUpdate = { cursor: string; occurredAt: Date; kind: UpdateKind; transferId: string };

const TYPES = ['TRANSFER_INCLUDED', 'TRANSFER_CONFIRMED', 'TRANSFER_REORGED'] as const satisfies EventType[];
const MAX_TRANSFERS_PER_SNAPSHOT_READ = 100;
const WHAT = 'The account';

/**
 * Each transfer of an account that can still change (it is in the chain and not final), then each change.
 * @param input.after replays from there, without a snapshot
 * @throws UnauthenticatedError, NotFoundError, LimitExceededError; CursorInvalidError and CursorExpiredError come as the
 *   stream's last message
 */
export async function transferUpdated(
  context: WatchContext,
  input: { accountId: string; after: string | null },
): Promise<AsyncGenerator<WatchMessage<TransferUpdate>, void, undefined>> {
  requireViewer(context);
  const { accountId } = input;
  const { database } = context.log;
  const account = await database
    .selectFrom('account')
    .select('organizationId')
    .where('id', '=', accountId)
    .executeTakeFirst();
  if (account === undefined) throw new NotFoundError(WHAT);
  const { organizationId } = account;

  return openWatch(context, { organizationId, what: WHAT }, async function* (signal) {
    let after: bigint;
    if (input.after === null) {
      // Before the state: what changes between the two is told again, never left out.
      after = await requireHead(database, organizationId);
      yield* snapshot(database, accountId, encodeEventCursor(organizationId, after));
    } else after = decodeEventCursor(organizationId, input.after);
    const filter = { types: TYPES, accountId };
    for await (const page of followEvents(context.watch.feed, { organizationId, after, filter, signal })) {
      for (const event of page) {
        yield {
          cursor: encodeEventCursor(organizationId, event.number),
          occurredAt: event.occurredAt,
          kind: updateKind(event.type),
          transferId: event.subjectId,
        };
      }
    }
  });
}

async function* snapshot(
  database: Database,
  accountId: string,
  cursor: string,
): AsyncGenerator<TransferUpdate, void, undefined> {
  let last: string | null = null;
  for (;;) {
    let query = database
      .selectFrom('transfer')
      .select('id')
      .where('accountId', '=', accountId)
      .where('status', 'in', MATURING_TRANSFER_STATUSES)
      .orderBy('id')
      .limit(MAX_TRANSFERS_PER_SNAPSHOT_READ);
    if (last !== null) query = query.where('id', '>', last);
    const transfers: { id: string }[] = await query.execute();
    for (const { id } of transfers) {
      yield { cursor, occurredAt: new Date(), kind: 'SNAPSHOT', transferId: id };
    }
    const end = transfers.at(-1);
    if (end === undefined || transfers.length < MAX_TRANSFERS_PER_SNAPSHOT_READ) return;
    last = end.id;
  }
}
