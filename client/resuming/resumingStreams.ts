import { type CombinedError, makeResult, type Operation, type OperationResult } from '@urql/core';
import { type ConnectionStore, createConnectionStore } from './connectionState.ts';
import { type LiveSocket, openLiveSocket } from './liveSocket.ts';
import { remedyOfClose, type WireError } from './refusal.ts';
import type { LostCursor, ResumingOptions } from './resumingOptions.ts';
import { createRunningStream, type Refusal, type RunningStream } from './runningStream.ts';
import {
  DEFAULT_TIMING,
  MAX_LOST_CURSORS_IN_A_ROW,
  MAX_REFUSALS_IN_A_ROW,
  retryDelayMs,
  type Timing,
} from './timing.ts';

/** Where a subscription's results go. */
export type ResultSink = {
  next(result: OperationResult): void;
  /** After the last result. */
  ended(): void;
};

/** All subscriptions over one socket, and over as many sockets in a row as it takes. */
export type ResumingStreams = {
  readonly connection: ConnectionStore;
  /** Whether this operation runs already. */
  has(key: number): boolean;
  /** @returns unsubscribes; the sink hears nothing more */
  run(operation: Operation, sink: ResultSink): () => void;
  /** Leaves the socket for a new one, as after a sign-in: nothing is lost. */
  reconnect(): void;
};

type Watch = {
  stream: RunningStream;
  sink: ResultSink;
  refusals: number;
  lostCursors: number;
  /** Waits to start again, or for the app to say where. */
  isPaused: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
};

type GraphqlErrors = NonNullable<Parameters<typeof makeResult>[1]['errors']>;

export function createResumingStreams(options: ResumingOptions): ResumingStreams {
  const timing: Timing = { ...DEFAULT_TIMING, ...options.timing };
  const random = options.random ?? Math.random;
  const { store, become, replayed } = createConnectionStore();
  const watches = new Map<number, Watch>();
  let socket: LiveSocket | null = null;
  let isOpen = false;
  /** Attempts that failed in a row. */
  let failures = 0;
  let retryTimer: ReturnType<typeof setTimeout> | null = null;
  let stableTimer: ReturnType<typeof setTimeout> | undefined;
  let lingerTimer: ReturnType<typeof setTimeout> | undefined;
  let isRenewing = false;
  /** A renewal that nothing has borne out yet: another refusal now means that it did not help. */
  let isRenewalUnproven = false;

  // — the socket —

  function connect(): void {
    if (socket !== null || isRenewing || watches.size === 0) return;
    cancelRetry();
    if (store.getSnapshot().kind !== 'OFFLINE') become('CONNECTING');
    socket = openLiveSocket({
      url: options.url,
      webSocketImpl: options.webSocketImpl,
      connectionParams: options.connectionParams ?? (() => null),
      timing,
      onOpen: opened,
      onLost: lost,
    });
  }
  function opened(): void {
    isOpen = true;
    stableTimer = setTimeout(proven, timing.stableConnectionMs);
    for (const watch of [...watches.values()]) start(watch);
    showProgress();
  }
  function proven(): void {
    failures = 0;
    isRenewalUnproven = false;
  }
  function lost(code: number | null): void {
    const wasOpen = isOpen;
    forgetSocket();
    if (watches.size === 0) return;
    const remedy = remedyOfClose(code);
    const message = `The server has closed the connection (${code}).`;
    if (remedy === 'RENEW') void renew([{ message, extensions: { code: 'UNAUTHENTICATED' } }]);
    else if (remedy === 'END')
      endAll([{ message, extensions: { code: 'CONNECTION_REFUSED', closeCode: code } }]);
    else {
      become(wasOpen ? 'CONNECTING' : 'OFFLINE');
      retryLater();
    }
  }
  function forgetSocket(): void {
    clearTimeout(stableTimer);
    clearTimeout(lingerTimer);
    socket = null;
    isOpen = false;
    for (const { stream } of watches.values()) stream.stop();
  }
  function dropSocket(): void {
    const dropped = socket;
    forgetSocket();
    dropped?.close();
  }
  function retryLater(): void {
    cancelRetry();
    retryTimer = setTimeout(connect, retryDelayMs(failures, timing, random));
    failures += 1;
  }
  function cancelRetry(): void {
    if (retryTimer !== null) clearTimeout(retryTimer);
    retryTimer = null;
  }
  function showProgress(): void {
    if (!isOpen || watches.size === 0) return;
    const isBehind = [...watches.values()].some(({ stream }) => stream.isCatchingUp());
    become(isBehind ? 'CATCHING_UP' : 'LIVE');
  }

  // — one subscription —

  function start(watch: Watch): void {
    if (watch.isPaused || !isOpen || socket === null) return;
    watch.stream.start(socket);
    showProgress();
  }
  function remove(watch: Watch): void {
    const { key } = watch.stream.operation;
    if (watches.get(key) !== watch) return;
    watches.delete(key);
    clearTimeout(watch.timer);
    watch.stream.stop();
    if (watches.size > 0) {
      showProgress();
      return;
    }
    cancelRetry();
    if (store.getSnapshot().kind !== 'ENDED') become('IDLE');
    if (socket !== null) lingerTimer = setTimeout(dropSocket, timing.lingerMs);
  }
  /** @param errors empty: it ends without one */
  function end(watch: Watch, errors: readonly WireError[]): void {
    if (errors.length > 0) tell(watch, errors, false);
    remove(watch);
    watch.sink.ended();
  }
  function tell(watch: Watch, errors: readonly WireError[], hasNext: boolean): CombinedError | undefined {
    const { operation } = watch.stream;
    const result = makeResult(operation, { data: null, errors: [...errors] as GraphqlErrors, hasNext });
    watch.sink.next(result);
    return result.error;
  }
  function endAll(errors: readonly WireError[]): void {
    cancelRetry();
    dropSocket();
    isRenewalUnproven = false;
    become('ENDED');
    for (const watch of [...watches.values()]) end(watch, errors);
  }
  const isRunning = (watch: Watch) => watches.get(watch.stream.operation.key) === watch;

  function refused(watch: Watch, { remedy, errors }: Refusal): void {
    if (remedy === 'RENEW') void renew(errors);
    else if (remedy === 'RELOCATE') void relocate(watch, errors);
    else if (remedy === 'END') end(watch, errors);
    else if (watch.refusals >= MAX_REFUSALS_IN_A_ROW) end(watch, errors);
    else {
      resumeAfter(watch, retryDelayMs(watch.refusals, timing, random));
      watch.refusals += 1;
      showProgress();
    }
  }
  function resumeAfter(watch: Watch, delayMs: number): void {
    watch.isPaused = true;
    watch.timer = setTimeout(() => {
      watch.isPaused = false;
      start(watch);
    }, delayMs);
  }

  async function relocate(watch: Watch, errors: readonly WireError[]): Promise<void> {
    if (watch.lostCursors >= MAX_LOST_CURSORS_IN_A_ROW) return end(watch, errors);
    watch.lostCursors += 1;
    watch.isPaused = true;
    const { operation, cursors } = watch.stream;
    const error = tell(watch, errors, true);
    const { code, oldest } = errors[0]?.extensions ?? {};
    const answer = await answerOf(options, {
      operation,
      code: code === 'CURSOR_EXPIRED' ? code : 'CURSOR_INVALID',
      after: cursors.resumeAfter(),
      oldest: typeof oldest === 'string' ? oldest : null,
      error: error as CombinedError,
    });
    if (!isRunning(watch)) return;
    if (answer === undefined) return end(watch, errors);
    cursors.restart(answer === null ? null : answer.after);
    watch.isPaused = false;
    start(watch);
  }

  /** Once for all: they share the session. Until it is renewed, nothing is connected. */
  async function renew(errors: readonly WireError[]): Promise<void> {
    if (isRenewing) return;
    const { onUnauthenticated } = options;
    if (onUnauthenticated === undefined || isRenewalUnproven) return endAll(errors);
    isRenewing = true;
    cancelRetry();
    dropSocket();
    become('CONNECTING');
    try {
      const isRenewed = await onUnauthenticated();
      isRenewing = false;
      if (!isRenewed) return endAll(errors);
      isRenewalUnproven = true;
      connect();
    } catch {
      isRenewing = false;
      become('OFFLINE');
      retryLater();
    }
  }

  listenToPage(options, {
    back: () => {
      if (isOpen) socket?.probe();
      else if (retryTimer !== null) {
        failures = 0;
        connect();
      }
    },
    gone: () => {
      if (watches.size === 0 || isRenewing) return;
      dropSocket();
      become('OFFLINE');
      if (retryTimer === null) retryLater();
    },
  });
  if (options.onStateChange !== undefined) {
    const { onStateChange } = options;
    store.subscribe(() => onStateChange(store.getSnapshot()));
  }

  return {
    connection: store,
    has: (key) => watches.has(key),
    run(operation, sink) {
      const stream = createRunningStream(operation, options, timing, {
        deliver: (result) => sink.next(result),
        delivered: (occurredAt) => {
          watch.refusals = 0;
          watch.lostCursors = 0;
          proven();
          if (occurredAt !== null) replayed(occurredAt);
        },
        refused: (refusal) => refused(watch, refusal),
        caughtUp: showProgress,
      });
      const watch: Watch = { stream, sink, refusals: 0, lostCursors: 0, isPaused: false, timer: undefined };
      watches.set(operation.key, watch);
      clearTimeout(lingerTimer);
      if (isOpen) start(watch);
      else if (retryTimer === null) connect();
      return () => remove(watch);
    },
    reconnect() {
      if (isRenewing || watches.size === 0) return;
      dropSocket();
      failures = 0;
      isRenewalUnproven = false;
      connect();
    },
  };
}

/** Undefined when the app could not say where to go on. */
async function answerOf({ onCursorLost }: ResumingOptions, lost: LostCursor) {
  if (onCursorLost === undefined) return null;
  try {
    return await onCursorLost(lost);
  } catch {
    return undefined;
  }
}

function listenToPage(options: ResumingOptions, on: { back: () => void; gone: () => void }): void {
  const page = options.pageEvents ?? ('window' in globalThis ? globalThis.window : undefined);
  page?.addEventListener('online', on.back);
  page?.addEventListener('offline', on.gone);
  page?.addEventListener('visibilitychange', () => {
    if (globalThis.document?.visibilityState !== 'hidden') on.back();
  });
}
