import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { useQuery, useSubscription } from 'urql';
import { LiveEventLogDocument, LiveEventsDocument } from '../generated/live/events.ts';
import type { LiveEventsSubscription } from '../generated/operationTypes.ts';
import type { ConnectionState } from '../resuming/connectionState.ts';
import { useOrganization } from '../session/OrganizationProvider.tsx';
import { useSession } from '../session/SessionProvider.tsx';

/** One entry of the organization's log, as screens use it. */
export type LiveEvent = LiveEventsSubscription['events'];
type Listener = (event: LiveEvent) => void;

type LiveContext = {
  /** The newest first, at most MAX_FEED_EVENTS. */
  feed: readonly LiveEvent[];
  isFeedLoading: boolean;
  /** Told of each entry once, in order, also of those that were missed while there was no connection. */
  listen(listener: Listener): () => void;
};

const MAX_FEED_EVENTS = 200;
const Context = createContext<LiveContext | null>(null);

/** Follows the organization's event log over one subscription, from where the log stood when the screen was opened. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { organization } = useOrganization();
  const listeners = useRef(new Set<Listener>());
  const [arrived, setArrived] = useState<readonly LiveEvent[]>([]);
  const [log] = useQuery({
    query: LiveEventLogDocument,
    variables: { organizationId: organization.id },
    requestPolicy: 'cache-first',
  });
  const start = log.data?.organization?.eventCursor;

  const handle = useCallback((_: unknown, { events: event }: LiveEventsSubscription) => {
    setArrived((earlier) => [event, ...earlier].slice(0, MAX_FEED_EVENTS));
    for (const listener of listeners.current) listener(event);
    return event;
  }, []);
  useSubscription(
    {
      query: LiveEventsDocument,
      variables: { organizationId: organization.id, after: start ?? null },
      pause: start === undefined,
    },
    handle,
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: another organization, another feed
  useEffect(() => setArrived([]), [organization.id]);
  const listen = useCallback((listener: Listener) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);
  const earlier = useMemo(
    () => (log.data?.organization?.events.edges ?? []).map(({ node }) => node as LiveEvent).reverse(),
    [log.data],
  );
  const value = useMemo(
    () => ({ feed: [...arrived, ...earlier].slice(0, MAX_FEED_EVENTS), isFeedLoading: log.fetching, listen }),
    [arrived, earlier, log.fetching, listen],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useLive(): LiveContext {
  const context = useContext(Context);
  if (context === null) throw new Error('useLive is used outside of LiveProvider.');
  return context;
}

/** How the stream stands: live, catching up, connecting, offline. */
export function useConnection(): ConnectionState {
  const { resuming } = useSession().api;
  return useSyncExternalStore(resuming.connection.subscribe, resuming.connection.getSnapshot);
}
