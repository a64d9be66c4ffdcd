import {
  type Exchange,
  makeResult,
  type Operation,
  type OperationResult,
  stringifyVariables,
} from '@urql/core';
import { filter, fromPromise, merge, mergeMap, pipe, share, tap } from 'wonka';
import { readLastKnown, writeLastKnown } from './lastKnownStore.ts';

/** In a result's extensions: it is not the server's answer of now, but its answer of then. */
export type LastKnownMark = { lastKnown?: { storedAt: string } };

/**
 * Keeps each query's last answer in the browser. When the network fails, the screen gets that one, marked and stale,
 * together with the error: people see the last known state, and that it is that.
 * @param options.owner whose answers they are; null, from then on, keeps and shows none
 */
export function lastKnownExchange(options: { owner: () => string | null }): Exchange {
  return ({ forward }) =>
    (operations$) => {
      const shared$ = share(operations$);
      const results$ = pipe(
        shared$,
        forward,
        tap((result) => {
          const owner = options.owner();
          if (owner === null || !isKept(result.operation) || result.error !== undefined) return;
          if (result.data !== undefined && result.data !== null) {
            void writeLastKnown(keyOf(owner, result.operation), result.data);
          }
        }),
        share,
      );
      const failed$ = pipe(
        results$,
        filter((result) => isKept(result.operation) && isLost(result)),
        mergeMap((result) => fromPromise(withLastKnown(options.owner(), result))),
      );
      const others$ = pipe(
        results$,
        filter((result) => !isKept(result.operation) || !isLost(result)),
      );
      return merge([others$, failed$]);
    };
}

async function withLastKnown(owner: string | null, result: OperationResult): Promise<OperationResult> {
  if (owner === null) return result;
  const known = await readLastKnown(keyOf(owner, result.operation));
  if (known === null) return result;
  const kept = makeResult(result.operation, {
    data: known.data as never,
    extensions: { lastKnown: { storedAt: known.storedAt } },
  });
  return { ...kept, ...(result.error === undefined ? {} : { error: result.error }), stale: true };
}

function isKept({ kind, context }: Operation): boolean {
  return kind === 'query' && context.lastKnown !== false;
}

function isLost({ error }: OperationResult): boolean {
  return error?.networkError !== undefined;
}

function keyOf(owner: string, { query, variables }: Operation): string {
  const document = 'documentId' in query ? query.documentId : '';
  return `${owner} ${document} ${stringifyVariables(variables)}`;
}
