import { useCallback, useEffect, useRef, useState } from 'react';
import type { BatchRowFragment } from '../../../generated/operationTypes.ts';
import { readAllRows } from './readAllRows.ts';

/** While a batch is being paid, its rows are read again at most this often. */
const REREAD_INTERVAL_MS = 2_000;

export type ReceiptRows = {
  /** Null before they were read once. */
  rows: readonly BatchRowFragment[] | null;
  hasFailed: boolean;
  retry(): void;
};

/**
 * All rows of a batch, read again when its state is another one.
 * @param state anything that differs when rows may differ
 * @param isWanted false where there are too many to show
 */
export function useReceiptRows(
  batchId: string,
  payoutCount: number,
  state: string,
  isWanted: boolean,
): ReceiptRows {
  const [rows, setRows] = useState<readonly BatchRowFragment[] | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const readAt = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state or attempt, another reading
  useEffect(() => {
    if (!isWanted) return;
    const abort = new AbortController();
    const waitMs = Math.max(0, readAt.current + REREAD_INTERVAL_MS - Date.now());
    const timer = setTimeout(async () => {
      readAt.current = Date.now();
      try {
        const read: BatchRowFragment[] = [];
        for await (const page of readAllRows(batchId, payoutCount, abort.signal)) read.push(...page);
        setRows(read);
        setFailed(false);
      } catch {
        if (!abort.signal.aborted) setFailed(true);
      }
    }, waitMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [batchId, payoutCount, state, isWanted, attempt]);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return { rows, hasFailed, retry };
}
