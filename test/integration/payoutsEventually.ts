import { setTimeout as delay } from 'node:timers/promises';

const POLL_INTERVAL_MS = 20;
/** Far more than a slow machine takes: only a failing test ever waits so long. */
const TIMEOUT_MS = 120_000;

/** Repeats what fails until it passes; the last failure is thrown when it did not for two minutes. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await delay(POLL_INTERVAL_MS);
    }
  }
}
