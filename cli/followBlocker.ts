import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from './apiClient.ts';
import { BLOCKER, type BlockerAnswer } from './payrollDocuments.ts';

/** What holds a batch may lie with others, of which its own stream says nothing: so it is asked. A quick batch is never asked about. */
const ASK_EVERY_MS = 2_000;

/**
 * Tells what holds a batch, each time that it is something else, until the signal. What cannot be asked now is asked
 * later: the batch's stream is what says that the API is away for good.
 * @param tell given the API's sentence; null when nothing holds the batch any more
 */
export async function followBlocker(
  api: ApiClient,
  batchId: string,
  tell: (message: string | null) => void,
  signal: AbortSignal,
  askEveryMs = ASK_EVERY_MS,
): Promise<void> {
  let told: string | null = null;
  for (;;) {
    await delay(askEveryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const answer = await api.request<BlockerAnswer>(BLOCKER, { id: batchId }).catch(() => null);
    // What is answered after the end is no news.
    if (signal.aborted) return;
    if (answer?.payoutBatch == null) continue;
    const message = answer.payoutBatch.blocker?.message ?? null;
    if (message !== told) tell(message);
    told = message;
  }
}
