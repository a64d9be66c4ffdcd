import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Provider as UrqlProvider } from 'urql';
import type { SessionViewerQuery } from '../generated/operationTypes.ts';
import { SessionViewerDocument } from '../generated/session/viewer.ts';
import { type ApiClient, createApiClient } from '../graphql/client.ts';
import { forgetLastKnown } from '../offline/lastKnownStore.ts';
import { setWallet } from './currentWallet.ts';
import { forgetKey } from './keyStorage.ts';
import { forgetExpiry, keepSession, readLastSession } from './lastSession.ts';
import {
  endMarkedSession,
  isSignedOutHere,
  rememberSignedOutHere,
  SIGNED_OUT_HERE,
} from './signedOutHere.ts';

type Viewer = NonNullable<SessionViewerQuery['viewer']>;
export type SessionUser = NonNullable<Viewer['user']>;
export type SessionMembership = Viewer['memberships'][number];

/** Who is at this browser. */
export type Session =
  | { kind: 'LOADING' }
  | { kind: 'UNREACHABLE'; retry(): void }
  /** `isEnding`: the server has not been told yet, for want of a connection. */
  | { kind: 'SIGNED_OUT'; isEnding: boolean }
  | SignedIn;
type SignedIn = {
  kind: 'SIGNED_IN';
  user: SessionUser;
  memberships: readonly SessionMembership[];
  isLastKnown: boolean;
};

type SessionContext = {
  session: Session;
  /** Asks the server again who this is: after signing in, joining or leaving. */
  refresh(): Promise<void>;
  /** Also without a connection: then the server is told as soon as there is one. */
  signOut(): Promise<void>;
  api: ApiClient;
};

const Context = createContext<SessionContext | null>(null);
/** How long signing out waits for the server. */
const MAX_SIGN_OUT_MS = 5_000;
const RETRY_MS = 5_000;

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
  const current = useRef<ApiClient>(null);
  const turn = useRef(0);
  const userId = session.kind === 'SIGNED_IN' ? session.user.id : null;

  /** Nothing of the session stays in this browser, whoever ended it. */
  const forgetSession = useCallback(async () => {
    turn.current += 1;
    current.current?.keepNothing();
    forgetKey();
    setWallet(null);
    forgetExpiry();
    await forgetLastKnown();
  }, []);
  const endSession = useCallback(async () => {
    setSession({ kind: 'SIGNED_OUT', isEnding: isSignedOutHere() });
    await forgetSession();
  }, [forgetSession]);
  const api = useMemo(
    () => createApiClient({ userId, onUnauthenticated: () => void endSession() }),
    [userId, endSession],
  );
  useEffect(() => {
    current.current = api;
    return () => api.resuming.close();
  }, [api]);

  const refresh = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    const isOver = await endMarkedSession(api.client);
    if (mine !== turn.current) return;
    if (!isOver) return endSession();
    const { data, error } = await api.client
      .query(SessionViewerDocument, {}, { requestPolicy: 'network-only', lastKnown: false })
      .toPromise();
    // Who asked again meanwhile, or signed out, knows better.
    if (mine !== turn.current) return;
    const unreachable = { kind: 'UNREACHABLE', retry: () => void refresh() } as const;
    if (error?.networkError !== undefined) {
      const known = await readLastSession(new Date());
      if (mine !== turn.current) return;
      if (known !== 'OVER') return setSession(signedInOf(known, true) ?? unreachable);
      await forgetSession();
      return setSession(unreachable);
    }
    if (data === undefined) return setSession(unreachable);
    const signedIn = signedInOf(data, false);
    if (signedIn === null) return endSession();
    if (userId !== null && signedIn.user.id !== userId) api.keepNothing();
    await keepSession(data);
    if (mine === turn.current) setSession(signedIn);
  }, [api, userId, endSession, forgetSession]);

  // Once: a change of the person makes a new connection, and is itself the answer to this.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    void refresh();
  }, []);
  useAskingAgain(session, refresh);
  useOtherTabs(endSession, refresh);

  const signOut = useCallback(async () => {
    rememberSignedOutHere();
    // A server that does not answer keeps nobody here: the mark stays.
    await Promise.race([endMarkedSession(api.client), after(MAX_SIGN_OUT_MS)]);
    await endSession();
  }, [api, endSession]);

  const value = useMemo(() => ({ session, refresh, signOut, api }), [session, refresh, signOut, api]);
  return (
    <Context.Provider value={value}>
      <UrqlProvider value={api.client}>{children}</UrqlProvider>
    </Context.Provider>
  );
}

/** What the server could not say is asked as soon as there is a network. */
function useAskingAgain(session: Session, refresh: () => Promise<void>): void {
  const isLastKnown = session.kind === 'SIGNED_IN' && session.isLastKnown;
  const isOpen = session.kind === 'UNREACHABLE' || (session.kind === 'SIGNED_OUT' && session.isEnding);
  useEffect(() => {
    if (!isLastKnown && !isOpen) return;
    const again = () => void refresh();
    window.addEventListener('online', again);
    // No stream is there to tell that the server is back.
    const timer = isOpen ? setInterval(again, RETRY_MS) : undefined;
    return () => {
      window.removeEventListener('online', again);
      clearInterval(timer);
    };
  }, [isLastKnown, isOpen, refresh]);
}

/** Who signs out in one tab has signed out in all; who signs in again, too. */
function useOtherTabs(endSession: () => Promise<void>, refresh: () => Promise<void>): void {
  useEffect(() => {
    const changed = ({ key, newValue }: StorageEvent) => {
      if (key === SIGNED_OUT_HERE) void (newValue === null ? refresh() : endSession());
    };
    window.addEventListener('storage', changed);
    return () => window.removeEventListener('storage', changed);
  }, [endSession, refresh]);
}

function signedInOf(answer: SessionViewerQuery | null, isLastKnown: boolean): SignedIn | null {
  const viewer = answer?.viewer;
  if (viewer?.user == null) return null;
  return { kind: 'SIGNED_IN', user: viewer.user, memberships: viewer.memberships, isLastKnown };
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
