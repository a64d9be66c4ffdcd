/**
 * - `IDLE`: nothing is subscribed to.
 * - `CONNECTING`: the first attempt, or the first one after a loss.
 * - `OFFLINE`: the browser says so, or an attempt has failed; further ones follow, and this stays until one succeeds.
 * - `CATCHING_UP`: connected, and what was missed is being replayed.
 * - `LIVE`: what is shown is what is.
 * - `ENDED`: the session is over, or the server does not speak to this client; only a new subscription tries again.
 */
export type ConnectionKind = 'IDLE' | 'CONNECTING' | 'OFFLINE' | 'CATCHING_UP' | 'LIVE' | 'ENDED';

export type ConnectionState = {
  readonly kind: ConnectionKind;
  /** Since when, in milliseconds of `Date.now()`. */
  readonly since: number;
  /**
   * Only while CATCHING_UP: how old the newest replayed entry is, in milliseconds by this machine's clock. A measure for a
   * progress bar, not for a decision.
   */
  readonly behind?: number;
};

/** For `useSyncExternalStore(connection.subscribe, connection.getSnapshot)`, or anything else. */
export type ConnectionStore = {
  /** @returns stops telling */
  subscribe(listener: () => void): () => void;
  /** The same object until something has changed. */
  getSnapshot(): ConnectionState;
};

/** A replay of thousands of entries must not make the app draw thousands of times. */
const MIN_MS_BETWEEN_BEHINDS = 250;

/** @returns the store, and what moves it */
export function createConnectionStore(now: () => number = Date.now): {
  store: ConnectionStore;
  /** Says nothing when the kind stays. */
  become(kind: ConnectionKind): void;
  /** @param occurredAt of the newest replayed entry, in milliseconds */
  replayed(occurredAt: number): void;
} {
  let state: ConnectionState = { kind: 'IDLE', since: now() };
  let behindToldAt = 0;
  const listeners = new Set<() => void>();
  function tell(next: ConnectionState): void {
    state = next;
    for (const listener of [...listeners]) listener();
  }
  return {
    store: {
      subscribe(listener) {
        // A listener of its own for each call, so that one function may be subscribed twice.
        const own = () => listener();
        listeners.add(own);
        return () => void listeners.delete(own);
      },
      getSnapshot: () => state,
    },
    become(kind) {
      if (kind === state.kind) return;
      behindToldAt = 0;
      tell({ kind, since: now() });
    },
    replayed(occurredAt) {
      const at = now();
      if (state.kind !== 'CATCHING_UP' || at - behindToldAt < MIN_MS_BETWEEN_BEHINDS) return;
      behindToldAt = at;
      tell({ kind: state.kind, since: state.since, behind: Math.max(0, at - occurredAt) });
    },
  };
}
