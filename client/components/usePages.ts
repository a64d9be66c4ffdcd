import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import { useEffect, useRef, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { MAX_PAGE_SIZE } from '../../core/limits.ts';
import type { LiveEvent } from '../live/LiveProvider.tsx';
import { type LiveResult, useLiveQuery } from '../live/useLiveQuery.ts';
import { type PageAnswer, type Rest, readRest } from './readRest.ts';

/** What is shown of a list. */
export type Listed<Node> = { readonly nodes: readonly Node[]; readonly hasNextPage: boolean };

/** A list as far as it was asked for; its data is null where what it belongs to does not exist. */
export type Pages<Node> = LiveResult<Listed<Node> | null> & {
  /** Asks for the next page. */
  more(): void;
  isLoadingMore: boolean;
};

/** What is a function or an object here may be another at each call; only `query` and what `variables` say count. */
type PagesOptions<Data, Variables, Node> = {
  query: TypedDocumentNode<Data, Variables>;
  /** All but `first` and `after`, which the query must have. */
  variables: Omit<Variables, 'first' | 'after'>;
  pageSize: number;
  /** How many rows one question may ask for, where they are dear. */
  most?: number;
  select: (data: Data) => PageAnswer<Node> | null | undefined;
  keyOf: (node: Node) => string;
  concerns: (event: LiveEvent) => boolean;
};

/** Rows beyond the first question are asked for again at most so often. */
const REST_INTERVAL_MS = 2_000;

/**
 * A list that is shown page by page and follows the log. However many pages are shown, an entry that concerns the list
 * asks one question again, for as many rows as one question may have; only what lies behind those takes more, and waits.
 */
export function usePages<Data, Variables extends AnyVariables, Node>(
  options: PagesOptions<Data, Variables, Node>,
): Pages<Node> {
  const { query, variables, pageSize, most = MAX_PAGE_SIZE, select, keyOf, concerns } = options;
  const key = JSON.stringify(variables);
  const [asked, setAsked] = useState({ key, count: pageSize });
  const count = asked.key === key ? asked.count : pageSize;
  const first = Math.min(count, most);
  const result = useLiveQuery({
    query,
    variables: { ...variables, first, after: null } as unknown as Variables,
    concerns,
  });

  // A larger question that failed takes nothing away from what is shown.
  const kept = useRef<{ key: string; data: Data | undefined }>({ key, data: undefined });
  if (result.data !== undefined || kept.current.key !== key) kept.current = { key, data: result.data };
  const { data } = kept.current;
  const head = data === undefined ? undefined : (select(data) ?? null);
  const rest = useRest({ ...options, most, key, head, count: count - first });

  const error = result.error ?? rest.error;
  const { lastKnownAt, refresh } = result;
  if (head == null) {
    const isLoading = head === undefined && result.isLoading;
    return { data: head, isLoading, error, lastKnownAt, refresh, more: refresh, isLoadingMore: false };
  }
  const shown = joined(head, rest.loaded, keyOf);
  const isHeadShort = head.edges.length < first && head.pageInfo.hasNextPage;
  return {
    data: shown,
    isLoading: false,
    error,
    lastKnownAt,
    refresh,
    more: () => {
      const next = shown.nodes.length + pageSize;
      if (next === count) refresh();
      else setAsked({ key, count: next });
    },
    isLoadingMore: error === undefined && (isHeadShort || rest.isLoading),
  };
}

/** A row may be in both for a moment, when it moved in between. */
function joined<Node>(
  head: PageAnswer<Node>,
  rest: Rest<Node> | null,
  keyOf: (node: Node) => string,
): Listed<Node> {
  const nodes = head.edges.map(({ node }) => node);
  const { hasNextPage } = head.pageInfo;
  if (rest === null || !hasNextPage) return { nodes, hasNextPage };
  const known = new Set(nodes.map(keyOf));
  const others = rest.nodes.filter((node) => !known.has(keyOf(node)));
  return { nodes: [...nodes, ...others], hasNextPage: rest.hasNextPage };
}

type RestState<Node> = {
  key: string;
  loaded: Rest<Node> | null;
  /** How many rows were asked for when it was answered. */
  count: number;
  error: CombinedError | undefined;
};

/** What is shown beyond the first question, read anew after that was answered. */
function useRest<Data, Variables extends AnyVariables, Node>(
  options: PagesOptions<Data, Variables, Node> & {
    most: number;
    key: string;
    head: PageAnswer<Node> | null | undefined;
    count: number;
  },
): { loaded: Rest<Node> | null; isLoading: boolean; error: CombinedError | undefined } {
  const client = useClient();
  const { key, head, count } = options;
  const [state, setState] = useState<RestState<Node> | null>(null);
  const latest = useRef(options);
  latest.current = options;
  /** When it was asked for last, and for how many rows. */
  const last = useRef({ at: 0, count: 0, run: 0 });

  useEffect(() => {
    const after = head?.pageInfo.hasNextPage === true ? head.pageInfo.endCursor : null;
    if (after === null || count <= 0) return;
    const run = async () => {
      const mine = last.current.run + 1;
      last.current = { at: Date.now(), count, run: mine };
      const { query, variables, most, select } = latest.current;
      const ask = async (first: number, from: string) => {
        const all = { ...variables, first, after: from } as unknown as Variables;
        const answer = await client.query(query, all, { requestPolicy: 'network-only' }).toPromise();
        if (answer.error !== undefined) throw answer.error;
        return answer.data === undefined ? null : (select(answer.data) ?? null);
      };
      const { loaded, error } = await readRest(ask, { after, count, most }).then(
        (read) => ({ loaded: read, error: undefined }),
        (cause: CombinedError) => ({ loaded: undefined, error: cause }),
      );
      if (last.current.run !== mine || latest.current.key !== key) return;
      setState((before) => {
        const known = before?.key === key ? before.loaded : null;
        return { key, loaded: loaded === undefined ? known : loaded, count, error };
      });
    };
    // What somebody asked for just now does not wait.
    const { at, count: before } = last.current;
    const wait = count === before ? Math.max(0, at + REST_INTERVAL_MS - Date.now()) : 0;
    const timer = setTimeout(() => void run(), wait);
    return () => clearTimeout(timer);
  }, [client, head, count, key]);

  if (count <= 0 || head == null || !head.pageInfo.hasNextPage) return NOTHING;
  if (state?.key !== key) return { ...NOTHING, isLoading: true };
  return { loaded: state.loaded, isLoading: state.count < count, error: state.error };
}

const NOTHING = { loaded: null, isLoading: false, error: undefined };
