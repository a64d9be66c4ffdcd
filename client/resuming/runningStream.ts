import { makeResult, type Operation, type OperationResult } from '@urql/core';
import { createDeliveredCursors, type DeliveredCursors } from './deliveredCursors.ts';
import type { LiveSocket } from './liveSocket.ts';
import { type Remedy, remedyOf, type WireError, wireErrorsOf } from './refusal.ts';
import type { ResumingOptions } from './resumingOptions.ts';
import { declares, subscribePayload } from './subscribePayload.ts';
import type { Timing } from './timing.ts';

/** What a subscription tells those who look after all of them. */
export type StreamEvents = {
  deliver(result: OperationResult): void;
  /** The server refused, or ended, the stream. It stands still until it is started again. */
  refused(refusal: Refusal): void;
  /** A message was delivered. @param occurredAt in milliseconds, where the message says so */
  delivered(occurredAt: number | null): void;
  caughtUp(): void;
};
/** `errors` is empty when the server completed a stream without a reason. */
export type Refusal = { remedy: Remedy; errors: readonly WireError[] };

/** One subscription over all its connections. */
export type RunningStream = {
  readonly operation: Operation;
  readonly cursors: DeliveredCursors;
  isCatchingUp(): boolean;
  /** Begins, or goes on, on this socket. Ends what ran before. */
  start(socket: LiveSocket): void;
  /** Stops; the server is told where the socket still stands. */
  stop(): void;
};

type Data = Readonly<Record<string, unknown>>;

/** Asks for, filters and hands on the messages of one subscription. */
export function createRunningStream(
  operation: Operation,
  options: ResumingOptions,
  timing: Timing,
  events: StreamEvents,
): RunningStream {
  const afterVariable = options.afterVariable ?? 'after';
  const asked = (operation.variables as Data | undefined)?.[afterVariable];
  const cursors = createDeliveredCursors(
    typeof asked === 'string' ? asked : null,
    options.maxRememberedCursors,
  );
  const cursorOf = options.cursorPath ?? ((data: Data) => textAt(data, 'cursor'));
  const occurredAtOf = options.occurredAtPath ?? ((data: Data) => textAt(data, 'occurredAt'));
  const isSnapshot = options.isSnapshot ?? ((data: Data) => textAt(data, 'kind') === 'SNAPSHOT');
  const isWholeSnapshot = options.isWholeSnapshot ?? (() => false);
  const canResume = declares(operation.query, afterVariable);
  /** Stops what runs; null when nothing does. */
  let stopRunning: (() => void) | null = null;
  let catchingUp = false;
  let hasBegun = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  /** The log's newest cursor as of this start. */
  let head: string | null = null;
  let startedAt = 0;

  function stop(): void {
    clearTimeout(quiet);
    catchingUp = false;
    const stopping = stopRunning;
    stopRunning = null;
    stopping?.();
  }
  function isLevel(): void {
    if (!catchingUp) return;
    clearTimeout(quiet);
    catchingUp = false;
    events.caughtUp();
  }
  function waitForQuiet(): void {
    clearTimeout(quiet);
    quiet = setTimeout(isLevel, timing.caughtUpQuietMs);
  }
  function askForHead(isRunning: () => boolean): void {
    options.head?.(operation).then(
      (cursor) => {
        if (!isRunning()) return;
        head = cursor;
        if (cursor !== null && cursors.has(cursor)) isLevel();
      },
      () => {
        // Then silence tells.
      },
    );
  }

  function receive(message: { data?: unknown; errors?: unknown }): void {
    const data = isRecord(message.data) ? message.data : {};
    if (Array.isArray(message.errors) && isNothing(data)) {
      refuse({ remedy: remedyOf(message.errors), errors: message.errors });
      return;
    }
    const cursor = cursorOf(data) ?? null;
    const isState = isSnapshot(data);
    if (!cursors.take({ cursor, isSnapshot: isState, isWholeSnapshot: isState && isWholeSnapshot(data) }))
      return;
    const occurredAt = Date.parse(occurredAtOf(data) ?? '');
    if (catchingUp) waitForQuiet();
    events.deliver(makeResult(operation, message as Parameters<typeof makeResult>[1]));
    events.delivered(Number.isNaN(occurredAt) ? null : occurredAt);
    // What was written since it began comes after everything that was missed.
    if ((cursor !== null && cursor === head) || (!isState && occurredAt >= startedAt)) isLevel();
  }
  function refuse(refusal: Refusal): void {
    stop();
    events.refused(refusal);
  }

  return {
    operation,
    cursors,
    isCatchingUp: () => catchingUp,
    start(socket) {
      stop();
      // It cannot be told where to go on: what it brings is new, whatever came before.
      if (!canResume) cursors.restart(null);
      cursors.begin();
      head = null;
      startedAt = Date.now();
      const after = canResume ? cursors.resumeAfter() : null;
      // What begins for the first time and from no position has missed nothing.
      catchingUp = after !== null || hasBegun;
      hasBegun = true;
      if (catchingUp) waitForQuiet();
      const payload = subscribePayload(operation, after, {
        afterVariable,
        persisted: options.persisted ?? false,
      });
      const running = socket.stream(payload, {
        message: receive,
        failed: (failure) => {
          const errors = wireErrorsOf(failure);
          refuse({ remedy: remedyOf(errors), errors });
        },
        completed: () => refuse({ remedy: 'RETRY', errors: [] }),
      });
      stopRunning = running;
      if (after !== null) askForHead(() => stopRunning === running);
    },
    stop,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether no root field has a value. */
function isNothing(data: Data): boolean {
  return Object.values(data).every((value) => value === null || value === undefined);
}

function textAt(data: Data, field: string): string | null {
  const [root] = Object.values(data);
  const value = isRecord(root) ? root[field] : null;
  return typeof value === 'string' ? value : null;
}
