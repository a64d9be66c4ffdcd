import { SingleBar } from 'cli-progress';
import type { ApiClient } from './apiClient.ts';
import { type Progress, WATCH, type WatchAnswer } from './payrollDocuments.ts';

export type WatchedEnd = { status: string; progress: Progress };

const ENDED = new Set(['COMPLETED', 'PARTIALLY_FAILED', 'FAILED', 'REJECTED', 'CANCELLED', 'EXPIRED']);

/**
 * Follows a batch until no payout is under way any more: each is final, failed, or undelivered (still owed; what
 * becomes of it is the approvers' choice). Survives lost connections and restarts of the API.
 * @param showBar draws a progress bar on standard error
 */
export async function watchBatch(
  api: ApiClient,
  batchId: string,
  payoutCount: number,
  showBar: boolean,
): Promise<WatchedEnd> {
  const bar = new SingleBar({
    format:
      '{bar} {value}/{total} final  {submitted} sent, {included} in a block, {confirmed} confirmed  {status}',
    stream: process.stderr,
    noTTYOutput: false,
    clearOnComplete: false,
    hideCursor: true,
  });
  let after: string | null = null;
  let end: WatchedEnd | null = null;
  if (showBar) bar.start(payoutCount, 0, { submitted: 0, included: 0, confirmed: 0, status: '' });
  try {
    for await (const { payoutBatchUpdated } of api.subscribe<WatchAnswer>(WATCH, () => ({
      id: batchId,
      after,
    }))) {
      const { cursor, status, progress } = payoutBatchUpdated;
      after = cursor;
      bar.update(progress.final, { ...progress, status: describe(status, progress) });
      if (ENDED.has(status) || isSettled(progress)) {
        end = { status, progress };
        break;
      }
    }
  } finally {
    bar.stop();
  }
  if (end === null) throw new Error('The stream ended before the batch did.');
  return end;
}

function isSettled({ pending, submitted, included, confirmed }: Progress): boolean {
  return pending + submitted + included + confirmed === 0;
}

function describe(status: string, { undelivered, failed }: Progress): string {
  const words = status.toLowerCase().replace('_', ' ');
  return undelivered + failed === 0 ? words : `${words}, ${undelivered} undelivered, ${failed} failed`;
}
