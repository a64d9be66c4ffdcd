import type { BatchRowFragment } from '../../../generated/operationTypes.ts';
import { BatchRowsDocument } from '../../../generated/screens/batches/batch.ts';
import { ReadError, readOnce } from '../../../graphql/readOnce.ts';
import { PAGE_ROWS } from '../rows/payoutPages.ts';

/** Pages that are asked for at once; they come out in order. */
const PAGES_AHEAD = 4;

/**
 * All rows of a batch in the file's order, a page at a time: a hundred thousand are never in memory together.
 * @throws ReadError, TypeError without a connection, AbortError
 */
export async function* readAllRows(
  batchId: string,
  payoutCount: number,
  signal: AbortSignal,
): AsyncGenerator<readonly BatchRowFragment[]> {
  const ahead: Promise<readonly BatchRowFragment[]>[] = [];
  for (let fromIndex = 0; fromIndex < payoutCount || ahead.length > 0; ) {
    while (ahead.length < PAGES_AHEAD && fromIndex < payoutCount) {
      const page = readPage(batchId, fromIndex, signal);
      // Whoever waits for an earlier page hears of its fault first.
      page.catch(() => {});
      ahead.push(page);
      fromIndex += PAGE_ROWS;
    }
    const next = ahead.shift();
    if (next !== undefined) yield await next;
  }
}

async function readPage(id: string, fromIndex: number, signal: AbortSignal) {
  const variables = { id, fromIndex, status: null, newRecipient: null };
  const { payoutBatch } = await readOnce(BatchRowsDocument, variables, signal);
  if (payoutBatch === null) throw new ReadError('The batch is gone.');
  return payoutBatch.payouts.edges.map(({ node }) => node);
}
