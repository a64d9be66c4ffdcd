import { useCallback, useMemo, useRef, useState } from 'react';
import { useSubscription } from 'urql';
import type { BatchUpdatesSubscription, PayoutBatchStatus } from '../../generated/operationTypes.ts';
import { BatchUpdatesDocument } from '../../generated/screens/batches/batch.ts';
import type { Progress } from './progress.ts';
import type { RowRange } from './rows/payoutPages.ts';

type Listener = (ranges: readonly RowRange[]) => void;
type BatchUpdates = {
  /** As of the newest message; null before the first. */
  current: { status: PayoutBatchStatus; progress: Progress } | null;
  /** Calls back with the rows that have changed. */
  listen(listener: Listener): () => void;
};

/** Follows one batch. After a lost connection it goes on from its last message, so that no change of a row is missed. */
export function useBatchUpdates(batchId: string): BatchUpdates {
  const listeners = useRef(new Set<Listener>());
  const [latest, setLatest] = useState<{
    batchId: string;
    update: NonNullable<BatchUpdates['current']>;
  } | null>(null);
  const handle = useCallback(
    (_: unknown, { payoutBatchUpdated: update }: BatchUpdatesSubscription) => {
      setLatest({ batchId, update });
      if (update.changes.length > 0) for (const listener of listeners.current) listener(update.changes);
      return update;
    },
    [batchId],
  );
  useSubscription(
    { query: BatchUpdatesDocument, variables: { payoutBatchId: batchId, after: null } },
    handle,
  );
  const listen = useCallback((listener: Listener) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);
  const current = latest?.batchId === batchId ? latest.update : null;
  return useMemo(() => ({ current, listen }), [current, listen]);
}
