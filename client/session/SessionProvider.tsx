import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { Provider as UrqlProvider } from 'urql';
import type { SessionViewerQuery } from '../generated/operationTypes.ts';
import { SessionViewerDocument, SignOutDocument } from '../generated/session/viewer.ts';
import { type ApiClient, createApiClient } from '../graphql/client.ts';
import { forgetLastKnown, readLastKnown, writeLastKnown } from '../offline/lastKnownStore.ts';
import { setWallet } from './currentWallet.ts';
import { forgetKey } from './keyStorage.ts';

type Viewer = NonNullable<SessionViewerQuery['viewer']>;
export type SessionUser = NonNullable<Viewer['user']>;
export type SessionMembership = Viewer['memberships'][number];

/** Who is at this browser. */
export type Session =
  | { kind: 'LOADING' }
  | { kind: 'UNREACHABLE'; retry(): void }
  | { kind: 'SIGNED_OUT' }
  | { kind: 'SIGNED_IN'; user: SessionUser; memberships: readonly SessionMembership[]; isLastKnown: boolean };

type SessionContext = {
  session: Session;
  /** Asks the server again who this is: after signing in, joining or leaving. */
  refresh(): Promise<void>;
  signOut(): Promise<void>;
  api: ApiClient;
};

const Context = createContext<SessionContext | null>(null);
/** Under which the last known session is kept; answers below it are kept by user. */
const LAST_SESSION = 'session';

export function useSession(): SessionContext {
  const context = useContext(Context);
  if (context === null) throw new Error('useSession is used outside of SessionProvider.');
  return context;
}

/** The signed-in person. @throws Error outside of what only they see */
export function useUser(): SessionUser {
  const { session } = useSession();
  if (session.kind !== 'SIGNED_IN') throw new Error('Nobody is signed in.');
  return session.user;
}

/** Knows who is signed in, and gives each person a connection of their own: nothing of one is left for the next. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session>({ kind: 'LOADING' });
  const userId = session.kind === 'SIGNED_IN' ? session.user.id : null;
  const onUnauthenticated = useCallback(() => setSession({ kind: 'SIGNED_OUT' }), []);
  const api = useMemo(() => createApiClient({ userId, onUnauthenticated }), [userId, onUnauthenticated]);

  useEffect(() => () => api.resuming.close(), [api]);

  const refresh = useCallback(async () => {
    const { data, error } = await api.client
      .query(SessionViewerDocument, {}, { requestPolicy: 'network-only', lastKnown: false })
      .toPromise();
    if (error?.networkError !== undefined) {
      const known = await readLastKnown(LAST_SESSION);
      if (known === null) setSession({ kind: 'UNREACHABLE', retry: () => void refresh() });
      else setSession(sessionOf(known.data as SessionViewerQuery, true));
      return;
    }
    if (data === undefined) return setSession({ kind: 'UNREACHABLE', retry: () => void refresh() });
    if (data.viewer?.user != null) await writeLastKnown(LAST_SESSION, data);
    else await forgetLastKnown();
    setSession(sessionOf(data, false));
  }, [api]);

  // Once: a change of the person makes a new connection, and is itself the answer to this.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    void refresh();
  }, []);

  const isLastKnown = session.kind === 'SIGNED_IN' && session.isLastKnown;
  useEffect(() => {
    if (!isLastKnown) return;
    const again = () => void refresh();
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, [isLastKnown, refresh]);

  const signOut = useCallback(async () => {
    await api.client.mutation(SignOutDocument, { input: { everywhere: false } }).toPromise();
    forgetKey();
    setWallet(null);
    await forgetLastKnown();
    setSession({ kind: 'SIGNED_OUT' });
  }, [api]);

  const value = useMemo(() => ({ session, refresh, signOut, api }), [session, refresh, signOut, api]);
  return (
    <Context.Provider value={value}>
      <UrqlProvider value={api.client}>{children}</UrqlProvider>
    </Context.Provider>
  );
}

function sessionOf({ viewer }: SessionViewerQuery, isLastKnown: boolean): Session {
  if (viewer?.user == null) return { kind: 'SIGNED_OUT' };
  return { kind: 'SIGNED_IN', user: viewer.user, memberships: viewer.memberships, isLastKnown };
}
