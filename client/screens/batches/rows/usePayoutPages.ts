import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { BatchRowFragment, PayoutStatus } from '../../../generated/operationTypes.ts';
import { BatchRowsDocument } from '../../../generated/screens/batches/batch.ts';
import { ReadError, readOnce } from '../../../graphql/readOnce.ts';
import { useConnection } from '../../../live/LiveProvider.tsx';
import { readLastKnown, writeLastKnown } from '../../../offline/lastKnownStore.ts';
import { useUser } from '../../../session/SessionProvider.tsx';
import { type LoadedPage, PAGE_ROWS, PayoutPages } from './payoutPages.ts';

export type BatchRow = BatchRowFragment;
export type RowsFilter = { status: PayoutStatus } | { newRecipient: true } | null;

/** The first rows of a batch are kept for the time without a network; a hundred thousand would push out all else. */
const MAX_LAST_KNOWN_INDEX = 5 * PAGE_ROWS;

/**
 * The rows of a batch, or those that a filter leaves.
 * @returns pages whose version the component follows, and whether any of them is only the last known
 */
export function usePayoutPages(
  batchId: string,
  payoutCount: number,
  filter: RowsFilter,
): { pages: PayoutPages<BatchRow>; isLastKnown: boolean } {
  const user = useUser();
  const connection = useConnection();
  const [isLastKnown, setLastKnown] = useState(false);
  const status = filter !== null && 'status' in filter ? filter.status : null;
  const isNewRecipient = filter !== null && 'newRecipient' in filter ? true : null;
  const pages = useMemo(() => {
    const variables = {
      id: batchId,
      status: status === null ? null : [status],
      newRecipient: isNewRecipient,
    };
    const ownKey = `${user.id} rows ${batchId} ${status} ${isNewRecipient}`;
    return new PayoutPages<BatchRow>({
      rowCount: status === null && isNewRecipient === null ? payoutCount : null,
      load: async (fromIndex, signal) => {
        const key = `${ownKey} ${fromIndex}`;
        try {
          const page = await readPage({ ...variables, fromIndex }, signal);
          if (fromIndex < MAX_LAST_KNOWN_INDEX) void writeLastKnown(key, page);
          setLastKnown(false);
          return page;
        } catch (error) {
          if (error instanceof ReadError || signal.aborted) throw error;
          const known = await readLastKnown(key);
          if (known === null) throw error;
          setLastKnown(true);
          return known.data as LoadedPage<BatchRow>;
        }
      },
    });
  }, [user.id, batchId, payoutCount, status, isNewRecipient]);
  useSyncExternalStore(pages.subscribe, pages.version);
  useEffect(() => () => pages.stop(), [pages]);
  const isLive = connection.kind === 'LIVE';
  useEffect(() => {
    if (!isLive) return;
    if (pages.hasFailed) pages.retry();
    if (isLastKnown) pages.invalidate([{ firstIndex: 0, lastIndex: payoutCount }]);
  }, [isLive, isLastKnown, pages, payoutCount]);
  return { pages, isLastKnown };
}

async function readPage(
  variables: { id: string; fromIndex: number; status: PayoutStatus[] | null; newRecipient: boolean | null },
  signal: AbortSignal,
): Promise<LoadedPage<BatchRow>> {
  const { payoutBatch } = await readOnce(BatchRowsDocument, variables, signal);
  if (payoutBatch === null) throw new ReadError('The batch is gone.');
  const { edges, pageInfo } = payoutBatch.payouts;
  return { rows: edges.map(({ node }) => node), hasNextPage: pageInfo.hasNextPage };
}
