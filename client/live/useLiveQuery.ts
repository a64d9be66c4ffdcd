import { type AnyVariables, createRequest, type TypedDocumentNode } from '@urql/core';
import { useEffect, useMemo, useRef } from 'react';
import { type CombinedError, useQuery } from 'urql';
import type { LastKnownMark } from '../offline/lastKnownExchange.ts';
import { type LiveEvent, useConnection, useLive } from './LiveProvider.tsx';

/** What a screen shows of a query. */
export type LiveResult<Data> = {
  /** The newest answer; undefined before the first. */
  data: Data | undefined;
  /** There is nothing to show yet. */
  isLoading: boolean;
  /** With data: it could not be asked again, and the data is what was known. */
  error: CombinedError | undefined;
  /** When the data was answered, where it is not of now. */
  lastKnownAt: string | null;
  /** Asks again. */
  refresh(): void;
};

const NOTHING_YET = { data: undefined, error: undefined, extensions: undefined };
/** A burst of events asks once. */
const MIN_INTERVAL_MS = 250;

/**
 * A query that is asked again whenever the log tells of something that concerns it: screens show what the log says, and
 * nothing else changes them.
 * @param options.concerns whether an entry changes the answer; every one does by default
 */
export function useLiveQuery<Data, Variables extends AnyVariables>(options: {
  query: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  pause?: boolean;
  concerns?: (event: LiveEvent) => boolean;
}): LiveResult<Data> {
  const { query, variables, pause = false } = options;
  const { listen } = useLive();
  const connection = useConnection();
  const [latest, execute] = useQuery<Data, Variables>({ query, variables, pause } as Parameters<
    typeof useQuery<Data, Variables>
  >[0]);
  // urql holds the former answer until there is one for new variables: it is of another object.
  const isOfThese = latest.operation?.key === createRequest(query, variables).key;
  const result = isOfThese ? latest : NOTHING_YET;
  const concerns = useRef(options.concerns);
  concerns.current = options.concerns;

  const ask = useMemo(() => throttled(() => execute({ requestPolicy: 'network-only' })), [execute]);
  useEffect(() => ask.cancel, [ask]);
  useEffect(() => {
    if (pause) return;
    return listen({
      told: (event) => {
        if (concerns.current?.(event) ?? true) ask();
      },
      lost: ask,
    });
  }, [listen, ask, pause]);

  // What could not be asked without a connection is asked as soon as there is one.
  const isLost = result.error?.networkError !== undefined;
  useEffect(() => {
    if (isLost && !pause && connection.kind === 'LIVE') ask();
  }, [isLost, pause, connection.kind, ask]);

  const { lastKnown } = (result.extensions ?? {}) as LastKnownMark;
  return {
    data: result.data as Data | undefined,
    isLoading: result.data === undefined && result.error === undefined,
    error: result.error,
    lastKnownAt: lastKnown?.storedAt ?? null,
    refresh: ask,
  };
}

type Throttled = (() => void) & { cancel(): void };

/** At once, then at most once every MIN_INTERVAL_MS; the last call is never lost. */
function throttled(act: () => void): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  const run = () => {
    if (timer !== undefined) {
      isDue = true;
      return;
    }
    act();
    timer = setTimeout(() => {
      timer = undefined;
      if (!isDue) return;
      isDue = false;
      run();
    }, MIN_INTERVAL_MS);
  };
  return Object.assign(run, { cancel: () => clearTimeout(timer) });
}
