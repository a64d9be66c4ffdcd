import { endPromptly } from './endPromptly.ts';
import type { EventFeed, FollowedLog } from './eventFeed.ts';
import { type EventFilter, matchesEventFilter } from './eventFilter.ts';
import type { LoggedEvent } from './eventPayloads.ts';
import { type EventPage, readEvents } from './readEvents.ts';
import { requireFollowable, requireKept } from './requireFollowable.ts';

export type FollowOptions = {
  organizationId: string;
  /** The position to go on from: the number of the last entry already seen, 0 for the whole log. */
  after: bigint;
  filter?: EventFilter;
  /** Ends the stream, quietly. */
  signal?: AbortSignal;
};

/**
 * An organization's log from a position on, without end: what is there, then what is written, in one ascending
 * stream, nothing skipped, nothing twice. It reads only when asked for the next page, MAX_EVENTS_PER_READ at most,
 * and pages are never empty. `return()` or the signal ends it at once and lets go of everything.
 * @throws CursorInvalidError, CursorExpiredError (also later, when a slow reader's entries are pruned meanwhile)
 */
export function followEvents(
  feed: EventFeed,
  options: FollowOptions,
): AsyncGenerator<LoggedEvent[], void, undefined> {
  return endPromptly(options.signal, (signal) => follow(feed, options, signal));
}

async function* follow(
  feed: EventFeed,
  { organizationId, after, filter = {} }: FollowOptions,
  signal: AbortSignal,
): AsyncGenerator<LoggedEvent[], void, undefined> {
  // Listen first, read second: what is committed in between is then told by a hint or found by the timer.
  const log = feed.open(organizationId);
  try {
    log.startAt(await requireFollowable(feed.database, organizationId, after));
    let position = after;
    while (!signal.aborted) {
      const page = await readNext(feed, log, organizationId, position, filter);
      position = page.readTo;
      if (page.events.length > 0) yield page.events;
      else if (position >= log.head()) await log.movedBeyond(position, signal);
    }
  } finally {
    log.close();
  }
}

async function readNext(
  feed: EventFeed,
  log: FollowedLog,
  organizationId: string,
  after: bigint,
  filter: EventFilter,
): Promise<EventPage> {
  const upTo = log.head();
  if (after >= upTo) return { events: [], readTo: after };
  const recent = log.recentAfter(after);
  if (recent !== null) {
    return { events: recent.filter((event) => matchesEventFilter(event, filter)), readTo: upTo };
  }
  const page = await readEvents(feed.database, { organizationId, after, upTo, filter });
  await requireKept(feed.database, organizationId, after);
  return page;
}
