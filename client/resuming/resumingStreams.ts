import { type CombinedError, makeResult, type Operation, type OperationResult } from '@urql/core';
import { createConnectionKeeper, listenToPage } from './connectionKeeper.ts';
import { type ConnectionStore, createConnectionStore } from './connectionState.ts';
import { remedyOfClose, type WireError } from './refusal.ts';
import type { LostCursor, ResumingOptions } from './resumingOptions.ts';
import { createRunningStream, type Refusal, type RunningStream } from './runningStream.ts';
import {
  DEFAULT_TIMING,
  MAX_LOST_CURSORS_IN_A_ROW,
  REFUSALS_UNTIL_TOLD,
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
  /** Ends all subscriptions, the socket, and listening to the page. */
  close(): void;
};

type Watch = {
  stream: RunningStream;
  sink: ResultSink;
  /** In a row: a message begins anew. */
  refusals: number;
  lostCursors: number;
  /** Waits to start again, or for the app to say where. */
  isPaused: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
};

type GraphqlErrors = NonNullable<Parameters<typeof makeResult>[1]['errors']>;

export function createResumingStreams(options: ResumingOptions): ResumingStreams {
  const timing: Timing = { ...DEFAULT_TIMING, ...options.timing };
  const { store, become, replayed } = createConnectionStore();
  const watches = new Map<number, Watch>();
  let lingerTimer: ReturnType<typeof setTimeout> | undefined;
  const kind = () => store.getSnapshot().kind;
  const keeper = createConnectionKeeper(options, timing, {
    isWanted: () => watches.size > 0 && !renewal.isRunning(),
    become,
    kind,
    opened() {
      for (const watch of [...watches.values()]) start(watch);
      showProgress();
    },
    gone() {
      clearTimeout(lingerTimer);
      for (const { stream } of watches.values()) stream.stop();
    },
    proven: () => renewal.proven(),
    lost(code) {
      const remedy = remedyOfClose(code);
      const message = `The server has closed the connection (${code}).`;
      if (remedy === 'RENEW') renewal.begin([{ message, extensions: { code: 'UNAUTHENTICATED' } }]);
      else if (remedy === 'END') endAll([{ message, extensions: { code: 'CONNECTION_REFUSED' } }]);
      else keeper.retryLater();
    },
  });
  const renewal = createRenewal(options.onUnauthenticated, {
    pause() {
      keeper.drop();
      become('CONNECTING');
    },
    renewed: () => keeper.connect(),
    refused: endAll,
    failed() {
      become('OFFLINE');
      keeper.retryLater();
    },
  });
  const stopListening = listenToPage(options.pageEvents, keeper);
  store.subscribe(() => options.onStateChange?.(store.getSnapshot()));

  function showProgress(): void {
    if (keeper.socket() === null || watches.size === 0) return;
    const isBehind = [...watches.values()].some(({ stream, isPaused }) => isPaused || stream.isCatchingUp());
    become(isBehind ? 'CATCHING_UP' : 'LIVE');
  }
  function start(watch: Watch): void {
    const socket = keeper.socket();
    if (watch.isPaused || socket === null) return;
    watch.stream.start(socket);
    showProgress();
  }
  function remove(watch: Watch): void {
    if (!isRunning(watch)) return;
    watches.delete(watch.stream.operation.key);
    clearTimeout(watch.timer);
    watch.stream.stop();
    if (watches.size > 0) {
      showProgress();
      return;
    }
    if (kind() !== 'ENDED') become('IDLE');
    clearTimeout(lingerTimer);
    lingerTimer = setTimeout(() => keeper.drop(), timing.lingerMs);
  }
  const isRunning = (watch: Watch) => watches.get(watch.stream.operation.key) === watch;

  /** @param errors empty: it ends without one */
  function end(watch: Watch, errors: readonly WireError[]): void {
    if (errors.length > 0) tell(watch, errors, false);
    remove(watch);
    watch.sink.ended();
  }
  function endAll(errors: readonly WireError[]): void {
    // Not those that a listener begins on hearing of it.
    const all = [...watches.values()];
    keeper.drop();
    become('ENDED');
    for (const watch of all) end(watch, errors);
  }
  function refused(watch: Watch, { remedy, errors }: Refusal): void {
    if (remedy === 'RENEW') renewal.begin(errors);
    else if (remedy === 'RELOCATE') void relocate(watch, errors);
    else if (remedy === 'END') end(watch, errors);
    else retry(watch, errors);
  }
  function retry(watch: Watch, errors: readonly WireError[]): void {
    const delayMs = retryDelayMs(watch.refusals, timing, options.random ?? Math.random);
    watch.refusals += 1;
    watch.isPaused = true;
    watch.timer = setTimeout(() => {
      watch.isPaused = false;
      start(watch);
    }, delayMs);
    showProgress();
    if (watch.refusals === REFUSALS_UNTIL_TOLD && errors.length > 0) tell(watch, errors, true);
  }
  async function relocate(watch: Watch, errors: readonly WireError[]): Promise<void> {
    if (watch.lostCursors >= MAX_LOST_CURSORS_IN_A_ROW) return end(watch, errors);
    watch.lostCursors += 1;
    watch.isPaused = true;
    showProgress();
    const { cursors } = watch.stream;
    const lost = lostCursor(watch.stream, errors[0], tell(watch, errors, true));
    const answer = await answerOf(options, lost);
    if (!isRunning(watch)) return;
    if (answer === undefined) return end(watch, errors);
    cursors.restart(answer === null ? null : answer.after);
    watch.isPaused = false;
    start(watch);
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
          keeper.proven();
          if (occurredAt !== null) replayed(occurredAt);
        },
        refused: (refusal) => refused(watch, refusal),
        caughtUp: showProgress,
      });
      const watch: Watch = {
        ...{ stream, sink, refusals: 0, lostCursors: 0 },
        ...{ isPaused: false, timer: undefined },
      };
      watches.set(operation.key, watch);
      clearTimeout(lingerTimer);
      if (keeper.socket() === null) keeper.want();
      else start(watch);
      return () => remove(watch);
    },
    reconnect() {
      if (watches.size === 0 || renewal.isRunning()) return;
      keeper.drop();
      keeper.proven();
      keeper.connect();
    },
    close() {
      stopListening();
      for (const watch of [...watches.values()]) end(watch, []);
      keeper.drop();
    },
  };
}

/** Asks the app once for all subscriptions, which share the session. While it is asked, nothing is connected. */
function createRenewal(
  ask: ResumingOptions['onUnauthenticated'],
  then: {
    pause: () => void;
    renewed: () => void;
    refused: (errors: readonly WireError[]) => void;
    failed: () => void;
  },
) {
  let isRunning = false;
  /** Another refusal before anything has borne a renewal out means that it did not help. */
  let isUnproven = false;
  async function renew(errors: readonly WireError[]): Promise<void> {
    if (ask === undefined || isUnproven) {
      isUnproven = false;
      then.refused(errors);
      return;
    }
    isRunning = true;
    then.pause();
    const answer = await Promise.resolve()
      .then(ask)
      .catch(() => null);
    isRunning = false;
    if (answer === null) then.failed();
    else if (answer) {
      isUnproven = true;
      then.renewed();
    } else then.refused(errors);
  }
  return {
    isRunning: () => isRunning,
    begin: (errors: readonly WireError[]) => void renew(errors),
    proven: () => {
      isUnproven = false;
    },
  };
}

/** Hands errors to the app as a result. @returns them as the app has them */
function tell(
  { stream, sink }: Watch,
  errors: readonly WireError[],
  hasNext: boolean,
): CombinedError | undefined {
  const result = makeResult(stream.operation, { data: null, errors: [...errors] as GraphqlErrors, hasNext });
  sink.next(result);
  return result.error;
}

function lostCursor(
  { operation, cursors }: RunningStream,
  cause: WireError | undefined,
  error: CombinedError | undefined,
): LostCursor {
  const { code, oldest } = cause?.extensions ?? {};
  return {
    operation,
    code: code === 'CURSOR_EXPIRED' ? code : 'CURSOR_INVALID',
    after: cursors.resumeAfter(),
    oldest: typeof oldest === 'string' ? oldest : null,
    error,
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
