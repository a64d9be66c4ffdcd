import { createEventFeed, type EventFeed } from '../../events/eventFeed.ts';
import type { EventLog } from '../../events/unitOfWork.ts';
import type { RequestContext } from '../requestContext.ts';
import { type ChainHeads, createChainHeads } from './chainHeads.ts';
import { createSubscriptionSlots, type SubscriptionSlots } from './subscriptionSlots.ts';
import { createWatcherRights, type WatcherRights } from './watcherRights.ts';

/** What all subscriptions of one process share. */
export type WatchService = {
  feed: EventFeed;
  chainHeads: ChainHeads;
  rights: WatcherRights;
  slots: SubscriptionSlots;
};

/** What a use case that watches gets. */
export type WatchContext = RequestContext & { watch: WatchService };

/**
 * Makes the one service of this process. It holds no connection and no timer while nobody watches.
 * @param onError told of each failed look at the log, the chains or sessions; the next tick looks again
 * @param options.idleCheckIntervalMs how often sessions of silent streams are looked at; ten seconds but in tests
 */
export function createWatchService(
  log: EventLog,
  onError: (error: unknown) => void,
  options: { idleCheckIntervalMs?: number } = {},
): WatchService {
  return {
    feed: createEventFeed({ ...log, onError }),
    chainHeads: createChainHeads(log.database, onError),
    rights: createWatcherRights(log.database, { ...options, onError }),
    slots: createSubscriptionSlots(),
  };
}
