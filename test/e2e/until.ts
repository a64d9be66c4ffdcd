import { setTimeout as delay } from 'node:timers/promises';

const POLL_INTERVAL_MS = 25;
/** Only a failing test ever waits so long. */
const TIMEOUT_MS = 240_000;

/**
 * Asks again and again until the answer is something.
 * @param what completes the sentence "This never came: …"
 * @param look null, undefined and false mean: not yet. What it throws is thrown
 */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | null | undefined | false>,
): Promise<Value> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const answer = await look();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`This never came: ${what}`);
    await delay(POLL_INTERVAL_MS);
  }
}
