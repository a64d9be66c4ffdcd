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
import { useClient, useQuery } from 'urql';
import { LiveEventLogDocument, LiveEventsDocument } from '../generated/live/events.ts';
import type { LiveEventsSubscription } from '../generated/operationTypes.ts';
import type { ConnectionState } from '../resuming/connectionState.ts';
import { useOrganization } from '../session/OrganizationProvider.tsx';
import { useSession, useUser } from '../session/SessionProvider.tsx';

/** One entry of the organization's log, as screens use it. */
export type LiveEvent = LiveEventsSubscription['events'];
type Listener = {
  /** An entry, once and in order; also those that were missed while there was no connection. */
  told(event: LiveEvent): void;
  /** The place in the log is lost, and with it what lies between: what is shown must be asked again. */
  lost(): void;
};

type LiveContext = {
  /** The newest first, at most MAX_FEED_EVENTS. */
  feed: readonly LiveEvent[];
  isFeedLoading: boolean;
  /** @returns stops listening */
  listen(listener: Listener): () => void;
};

const MAX_FEED_EVENTS = 200;
const LOST = ['CURSOR_EXPIRED', 'CURSOR_INVALID'];
const Context = createContext<LiveContext | null>(null);

/** Follows the organization's event log over one subscription, from where the log stood when the screen was opened. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { organization } = useOrganization();
  const listeners = useRef(new Set<Listener>());
  const [arrived, setArrived] = useState<readonly LiveEvent[]>([]);
  const client = useClient();
  const { refresh } = useSession();
  const { id: userId } = useUser();
  const [log, askLog] = useQuery({
    query: LiveEventLogDocument,
    variables: { organizationId: organization.id },
    requestPolicy: 'cache-first',
  });
  // Where it began: later answers only fill the feed.
  const [start, setStart] = useState<{ organizationId: string; after: string } | null>(null);
  const cursor = log.data?.organization?.eventCursor;
  if (
    cursor !== undefined &&
    start?.organizationId !== organization.id &&
    log.data?.organization?.id === organization.id
  ) {
    setStart({ organizationId: organization.id, after: cursor });
  }

  useEffect(() => {
    if (start === null) return;
    // Not `useSubscription`: its handler runs in an update of state, which may run twice or late.
    const { unsubscribe } = client.subscription(LiveEventsDocument, start).subscribe(({ data, error }) => {
      if (error?.graphQLErrors.some(({ extensions }) => LOST.includes(String(extensions.code)))) {
        for (const { lost } of listeners.current) lost();
        askLog({ requestPolicy: 'network-only' });
      }
      // Whoever is no member any more is told nothing else.
      if (error?.graphQLErrors.some(({ extensions }) => extensions.code === 'NOT_FOUND')) void refresh();
      if (data == null) return;
      setArrived((earlier) => [data.events, ...earlier].slice(0, MAX_FEED_EVENTS));
      for (const { told } of listeners.current) told(data.events);
      if (data.events.__typename === 'MemberRolesChanged' && data.events.user.id === userId) void refresh();
    });
    return unsubscribe;
  }, [client, start, askLog, refresh, userId]);

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
