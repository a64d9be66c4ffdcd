import { CombinedError } from '@urql/core';
import { startTransition, useCallback, useEffect, useRef, useState } from 'react';
import type { CheckerCall, CheckOutcome, SignedRows } from './checkerProtocol.ts';
import { type RequestChecker, startRequestChecker } from './requestChecker.ts';
import type { ListedPayout, ServedRequest } from './servedRequest.ts';

/** A request as a screen knows it, before its manifest and its payouts are loaded. */
export type RequestToCheck = Omit<ServedRequest, 'manifestText' | 'listed'> & { readonly approvalId: string };

export type RequestCheck =
  /** `previous`: the same request before another file was compared with it; nothing is signed by it. */
  | {
      readonly kind: 'LOADING';
      readonly phase: 'MANIFEST' | 'CHECK';
      readonly previous: CheckOutcome | null;
    }
  /** `isOffline`: there was no answer at all. */
  | { readonly kind: 'FAILED'; readonly message: string; readonly isOffline: boolean }
  | { readonly kind: 'DONE'; readonly outcome: CheckOutcome };

export type OwnFileChoice = { readonly blob: File; readonly sheet: string | null };

type Loaded = { key: string; manifestText: string | null; listed: readonly ListedPayout[] };

/**
 * Fetches the manifest, has everything checked in a worker, and does so again when the request or the approver's file
 * changes.
 * @param options.request null while it is not known
 * @param options.loadListed payouts as the server lists them: what people were shown elsewhere
 */
export function useRequestCheck(options: {
  request: RequestToCheck | null;
  file: OwnFileChoice | null;
  loadListed: () => Promise<readonly ListedPayout[]>;
}): {
  check: RequestCheck;
  retry(): void;
  /** Payouts of the manifest that was checked. */
  rows(call: Extract<CheckerCall, { kind: 'ROWS' | 'ROWS_AT' }>): Promise<SignedRows>;
} {
  const { request, file } = options;
  const key = request === null ? null : JSON.stringify(request);
  const checker = useRef<RequestChecker | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [check, setCheck] = useState<RequestCheck>(LOADING_MANIFEST);
  const latest = useRef(options);
  latest.current = options;

  useEffect(() => {
    checker.current = startRequestChecker();
    return () => {
      checker.current?.close();
      checker.current = null;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again
  useEffect(() => {
    if (key === null) return;
    let isCurrent = true;
    setCheck(LOADING_MANIFEST);
    const { request: asked, loadListed } = latest.current;
    if (asked === null) return;
    load(asked, loadListed).then(
      (found) => isCurrent && setLoaded({ key, ...found }),
      (cause: unknown) => isCurrent && setCheck(failure(cause)),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, attempt]);

  useEffect(() => {
    const { request: asked } = latest.current;
    if (loaded === null || loaded.key !== key || asked === null || checker.current === null) return;
    let isCurrent = true;
    setCheck(checkingAgain);
    const { approvalId: _, ...said } = asked;
    const served: ServedRequest = { ...said, manifestText: loaded.manifestText, listed: loaded.listed };
    checker.current.ask({ kind: 'CHECK', served, file }).then(
      (outcome) => {
        // It may be a long page: nothing that people do meanwhile waits for it.
        if (isCurrent) startTransition(() => setCheck({ kind: 'DONE', outcome }));
      },
      (cause: unknown) => isCurrent && setCheck(failure(cause)),
    );
    return () => {
      isCurrent = false;
    };
  }, [loaded, key, file]);

  const rows = useCallback(async (call: Extract<CheckerCall, { kind: 'ROWS' | 'ROWS_AT' }>) => {
    const current = checker.current;
    return current === null ? { matchCount: 0, rows: [] } : current.ask(call);
  }, []);
  return { check, retry: () => setAttempt((before) => before + 1), rows };
}

const LOADING_MANIFEST: RequestCheck = { kind: 'LOADING', phase: 'MANIFEST', previous: null };

function checkingAgain(before: RequestCheck): RequestCheck {
  const previous =
    before.kind === 'DONE' ? before.outcome : before.kind === 'LOADING' ? before.previous : null;
  return { kind: 'LOADING', phase: 'CHECK', previous };
}

async function load(
  { kind, approvalId }: RequestToCheck,
  loadListed: () => Promise<readonly ListedPayout[]>,
): Promise<Omit<Loaded, 'key'>> {
  if (kind === 'PAYOUT_CLOSE') return { manifestText: null, listed: [] };
  const [manifestText, listed] = await Promise.all([fetchManifest(approvalId), loadListed()]);
  return { manifestText, listed };
}

/** From this site alone, wherever the server says it is. */
async function fetchManifest(approvalId: string): Promise<string> {
  const response = await fetch(`/manifests/${encodeURIComponent(approvalId)}`, {
    credentials: 'same-origin',
    cache: 'no-store',
  });
  if (!response.ok) throw new Error(`The manifest could not be loaded (${response.status}).`);
  return response.text();
}

/** `fetch` throws a TypeError, and urql tells a networkError, when there is no answer. */
function failure(cause: unknown): RequestCheck {
  const isOffline =
    cause instanceof TypeError || (cause instanceof CombinedError && cause.networkError !== undefined);
  return { kind: 'FAILED', message: cause instanceof Error ? cause.message : String(cause), isOffline };
}
