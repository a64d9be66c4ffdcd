import { decodeEventCursor } from '../../events/eventCursor.ts';
import type { LoggedEvent } from '../../events/eventPayloads.ts';
import { followEvents } from '../../events/followEvents.ts';
import type { EventType } from '../../prisma/generated/database.ts';
import { openWatch, type WatchMessage } from './openWatch.ts';
import { requireHead } from './requireHead.ts';
import type { WatchContext } from './watchService.ts';

/**
 * The entries of an organization's log, as they are written.
 * @param input.after replays from there first; null begins with what comes next
 * @param input.types null for all
 * @throws UnauthenticatedError, NotFoundError, ForbiddenError, LimitExceededError, CursorInvalidError; CursorExpiredError
 *   comes as the stream's last message
 */
export function events(
  context: WatchContext,
  input: { organizationId: string; after: string | null; types: readonly EventType[] | null },
): Promise<AsyncGenerator<WatchMessage<LoggedEvent>, void, undefined>> {
  const { organizationId, types } = input;
  return openWatch(context, { organizationId, what: 'The organization' }, async function* (signal) {
    const after =
      input.after === null
        ? await requireHead(context.log.database, organizationId)
        : decodeEventCursor(organizationId, input.after);
    const filter = types === null ? {} : { types };
    for await (const page of followEvents(context.watch.feed, { organizationId, after, filter, signal })) {
      yield* page;
    }
  });
}
