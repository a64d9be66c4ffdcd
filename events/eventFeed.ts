import { required } from '../core/errors.ts';
import type { Database } from '../prisma/database.ts';
import { createCoalescer } from './coalescer.ts';
import type { EventHints } from './eventHints.ts';
import type { LoggedEvent } from './eventPayloads.ts';
import { readNewestEvents } from './readNewestEvents.ts';

/** How often followers look at the log when no hint says that it moved: hints may be lost, the log is not. */
const EVENT_POLL_INTERVAL_MS = 1_000;
const MAX_RECENT_EVENTS_PER_ORGANIZATION = 100;
const MAX_ORGANIZATIONS_PER_REFRESH = 200;
/** A log beyond these is looked at by a later tick. */
const MAX_ORGANIZATIONS_WAITING_FOR_REFRESH = 100_000;

/**
 * What all followers in one process share: one hint subscription, one timer, one query a tick for everything that is
 * followed, and the newest entries of each followed log in memory.
 */
export type EventFeed = {
  readonly database: Database;
  /** Starts to listen for this log. Call `close` on what it returns, always. */
  open(organizationId: string): FollowedLog;
  /** How many logs are followed now. */
  followedCount(): number;
};

/** One follower's hold on a log. */
export type FollowedLog = {
  /** Tells the number of a head that was read after `open`; the first one is where the shared memory starts. */
  startAt(head: bigint): void;
  /** The number of the newest entry this process knows of. */
  head(): bigint;
  /** Entries after this number from memory, at least up to `head()`; null when memory does not reach back so far. */
  recentAfter(number: bigint): readonly LoggedEvent[] | null;
  /** Resolves when the head is beyond this number, or when the signal aborts. */
  movedBeyond(number: bigint, signal: AbortSignal): Promise<void>;
  close(): void;
};

/** A log that somebody in this process follows. */
type Followed = {
  holders: number;
  /** Null until the first follower has read it. */
  head: bigint | null;
  /** Without holes, ascending, ending at `head`. */
  recent: LoggedEvent[];
  waiting: Set<() => void>;
};

/**
 * @param options.onError told of a failed look at the log; the next tick looks again
 * @param options.pollIntervalMs shorter than one second in tests only
 */
export function createEventFeed(options: {
  database: Database;
  hints: EventHints;
  onError: (error: unknown) => void;
  pollIntervalMs?: number;
}): EventFeed {
  const { database, hints, onError, pollIntervalMs = EVENT_POLL_INTERVAL_MS } = options;
  const logs = new Map<string, Followed>();
  const limits = {
    maxKeysPerBatch: MAX_ORGANIZATIONS_PER_REFRESH,
    maxWaitingKeys: MAX_ORGANIZATIONS_WAITING_FOR_REFRESH,
  };
  const refresh = createCoalescer<string>(limits, async (organizationIds) => {
    const known = organizationIds.flatMap((organizationId) => {
      const head = logs.get(organizationId)?.head ?? null;
      return head === null ? [] : [{ organizationId, head }];
    });
    try {
      const newest = await readNewestEvents(database, known, MAX_RECENT_EVENTS_PER_ORGANIZATION);
      for (const [organizationId, events] of newest) advance(logs.get(organizationId), events);
    } catch (error) {
      onError(error);
    }
  });
  const refreshAll = () => void refresh(logs.keys());
  let stop: (() => void) | null = null;
  const start = () => {
    const unsubscribe = hints.subscribe((organizationId) => {
      if (logs.has(organizationId)) void refresh([organizationId]);
    }, refreshAll);
    const timer = setInterval(refreshAll, pollIntervalMs);
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  };

  return {
    database,
    followedCount: () => logs.size,
    open(organizationId) {
      stop ??= start();
      const log = logs.get(organizationId) ?? { holders: 0, head: null, recent: [], waiting: new Set() };
      logs.set(organizationId, log);
      log.holders += 1;
      let closed = false;
      return {
        startAt(head) {
          if (log.head === null) log.head = head;
          // Hints of what was committed before a first head was known could not be used: look once more.
          void refresh([organizationId]);
        },
        head: () => required(log.head, 'The head of a followed log'),
        recentAfter: (number) => recentAfter(log, number),
        movedBeyond: (number, signal) => movedBeyond(log, number, signal),
        close() {
          if (closed) return;
          closed = true;
          log.holders -= 1;
          if (log.holders === 0) logs.delete(organizationId);
          if (logs.size === 0) {
            stop?.();
            stop = null;
          }
        },
      };
    },
  };
}

/** Takes in what a look at the log has found, and wakes who waits. */
function advance(log: Followed | undefined, events: readonly LoggedEvent[]): void {
  const first = events[0];
  const last = events.at(-1);
  // A log may have been let go and followed anew while the query ran: what it does not continue is not for it.
  if (log?.head == null || first === undefined || last === undefined || last.number <= log.head) return;
  const fresh = events.filter((event) => event.number > (log.head ?? 0n));
  const continues = first.number <= log.head + 1n;
  log.recent = [...(continues ? log.recent : []), ...fresh].slice(-MAX_RECENT_EVENTS_PER_ORGANIZATION);
  log.head = last.number;
  for (const wake of [...log.waiting]) wake();
}

function recentAfter(log: Followed, number: bigint): readonly LoggedEvent[] | null {
  const first = log.recent[0];
  if (first === undefined || number + 1n < first.number) return null;
  return log.recent.slice(Number(number + 1n - first.number));
}

function movedBeyond(log: Followed, number: bigint, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      log.waiting.delete(look);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    const look = () => {
      if (log.head !== null && log.head > number) settle();
    };
    log.waiting.add(look);
    signal.addEventListener('abort', settle);
    if (signal.aborted) settle();
    else look();
  });
}
