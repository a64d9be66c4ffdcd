import { SingleBar } from 'cli-progress';
import type { ApiClient } from './apiClient.ts';
import { followBlocker } from './followBlocker.ts';
import { type Progress, WATCH, type WatchAnswer } from './payrollDocuments.ts';

export type WatchedEnd = { status: string; progress: Progress };

const ENDED = new Set(['COMPLETED', 'PARTIALLY_FAILED', 'FAILED', 'REJECTED', 'CANCELLED', 'EXPIRED']);

/**
 * Follows a batch until no payout is under way any more: each is final, failed, or undelivered (still owed; what
 * becomes of it is the approvers' choice). Survives lost connections and restarts of the API. What holds the batch is
 * told on standard error, each time that it changes.
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
  let [done, held] = [0, false];
  let shown = { submitted: 0, included: 0, confirmed: 0, status: '' };
  const payload = () => (held ? { ...shown, status: `waits, ${shown.status}` } : shown);
  if (showBar) bar.start(payoutCount, done, payload());
  const over = new AbortController();
  const tell = (message: string | null) => {
    held = message !== null;
    // What is written beside a bar that runs is drawn over.
    if (showBar) bar.stop();
    process.stderr.write(`${held ? `waits: ${message}` : 'goes on: nothing holds it any more.'}\n`);
    if (showBar) bar.start(payoutCount, done, payload());
  };
  const following = followBlocker(api, batchId, tell, over.signal);
  try {
    for await (const { payoutBatchUpdated } of api.subscribe<WatchAnswer>(WATCH, () => ({
      id: batchId,
      after,
    }))) {
      const { cursor, status, progress } = payoutBatchUpdated;
      after = cursor;
      done = progress.final;
      shown = { ...progress, status: describe(status, progress) };
      bar.update(done, payload());
      if (ENDED.has(status) || isSettled(progress)) {
        end = { status, progress };
        break;
      }
    }
  } finally {
    over.abort();
    bar.stop();
  }
  await following;
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
