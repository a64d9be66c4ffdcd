import { setTimeout as delay } from 'node:timers/promises';
import type { HealthReport } from '../health.ts';
import { PARENT_GATE } from '../parentGate.ts';
import { EmbeddedError } from './embeddedError.ts';

/** A busy machine of few cores needs one of them. */
const TIMEOUT_MS = 120_000;
const REQUEST_TIMEOUT_MS = 3_000;
const POLL_INTERVAL_MS = 100;

/**
 * Waits until `GET /health` of an API says that all is well.
 * @param options.exceptGate the check that only the caller can end does not count
 * @throws EmbeddedError with the reasons that last stood in the way
 */
export async function waitForHealth(api: string, options: { exceptGate: boolean }): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  let last = 'it does not answer';
  while (Date.now() < deadline) {
    try {
      const response = await fetch(`${api}/health`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
      const { reasons } = (await response.json()) as HealthReport;
      const standing = reasons.filter(({ check }) => !(options.exceptGate && check === PARENT_GATE));
      if (standing.length === 0) return;
      last = standing.map(({ check, reason }) => `${check}: ${reason}`).join('; ');
    } catch {
      last = 'it does not answer';
    }
    await delay(POLL_INTERVAL_MS);
  }
  throw new EmbeddedError(`${api}/health is not well after ${TIMEOUT_MS / 1000} s: ${last}.`);
}
