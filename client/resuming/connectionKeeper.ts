import type { ConnectionKind } from './connectionState.ts';
import { type LiveSocket, openLiveSocket } from './liveSocket.ts';
import type { ResumingOptions } from './resumingOptions.ts';
import { retryDelayMs, type Timing } from './timing.ts';

/** Keeps one socket open for as long as somebody wants one: opens it, comes back after a loss, waits in between. */
export type ConnectionKeeper = {
  /** The socket that stands; null while there is none. */
  socket(): LiveSocket | null;
  /** Now, unless there is a socket or an attempt already. Does not wait for a retry that is due later. */
  connect(): void;
  /** As `connect`, but leaves a retry that is due later to its time. */
  want(): void;
  /** Leaves the socket and forgets what was due. `onGone` is called, and nothing follows by itself. */
  drop(): void;
  /** Tries after the next wait. */
  retryLater(): void;
  /** The connection is a good one: the waits begin at the shortest again. */
  proven(): void;
  /** What the page tells: it is `back` (seen, or online), or `gone`. */
  back(): void;
  gone(): void;
};

/**
 * @param on.isWanted whether there is anything to connect for
 * @param on.opened all subscriptions can start
 * @param on.gone the socket is no more: all subscriptions stand still
 * @param on.lost after `gone`, with the close code: whether to come back is the caller's to say, by `retryLater`
 */
export function createConnectionKeeper(
  options: ResumingOptions,
  timing: Timing,
  on: {
    isWanted: () => boolean;
    become: (kind: ConnectionKind) => void;
    kind: () => ConnectionKind;
    opened: () => void;
    gone: () => void;
    proven: () => void;
    lost: (code: number | null) => void;
  },
): ConnectionKeeper {
  const random = options.random ?? Math.random;
  let socket: LiveSocket | null = null;
  let isOpen = false;
  /** Attempts in a row after which there was no good connection. */
  let failures = 0;
  let retryTimer: ReturnType<typeof setTimeout> | null = null;
  let stableTimer: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    if (socket !== null || !on.isWanted()) return;
    cancelRetry();
    if (on.kind() !== 'OFFLINE') on.become('CONNECTING');
    socket = openLiveSocket({
      url: options.url,
      webSocketImpl: options.webSocketImpl,
      connectionParams: options.connectionParams ?? (() => null),
      timing,
      onOpen: () => {
        isOpen = true;
        stableTimer = setTimeout(proven, timing.stableConnectionMs);
        on.opened();
      },
      onLost: (code) => {
        // A first attempt that fails shows no loss: it shows that there is no way.
        const kind = isOpen ? 'CONNECTING' : 'OFFLINE';
        forget();
        if (!on.isWanted()) return;
        on.become(kind);
        on.lost(code);
      },
    });
  }
  function forget(): void {
    clearTimeout(stableTimer);
    socket = null;
    isOpen = false;
    on.gone();
  }
  function drop(): void {
    cancelRetry();
    const dropped = socket;
    forget();
    dropped?.close();
  }
  function cancelRetry(): void {
    if (retryTimer !== null) clearTimeout(retryTimer);
    retryTimer = null;
  }
  function retryLater(): void {
    cancelRetry();
    retryTimer = setTimeout(
      () => {
        retryTimer = null;
        connect();
      },
      retryDelayMs(failures, timing, random),
    );
    failures += 1;
  }
  function proven(): void {
    failures = 0;
    on.proven();
  }

  return {
    socket: () => (isOpen ? socket : null),
    connect,
    want() {
      if (retryTimer === null) connect();
    },
    drop,
    retryLater,
    proven,
    back() {
      if (isOpen) socket?.probe();
      else if (retryTimer !== null) {
        failures = 0;
        connect();
      }
    },
    gone() {
      if (!on.isWanted()) return;
      drop();
      on.become('OFFLINE');
      retryLater();
    },
  };
}

/** Hears what a browser's page tells. @returns stops listening */
export function listenToPage(
  page: ResumingOptions['pageEvents'],
  keeper: Pick<ConnectionKeeper, 'back' | 'gone'>,
): () => void {
  const events = page ?? ('window' in globalThis ? globalThis.window : undefined);
  const seen = () => {
    if (globalThis.document?.visibilityState !== 'hidden') keeper.back();
  };
  const listeners = { online: keeper.back, offline: keeper.gone, visibilitychange: seen };
  for (const [name, listener] of Object.entries(listeners)) events?.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) events?.removeEventListener(name, listener);
  };
}
