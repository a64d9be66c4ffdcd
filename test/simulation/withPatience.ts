import { setTimeout as delay } from 'node:timers/promises';

const POLL_INTERVAL_MS = 50;

/** Something that had to come by itself did not. */
export class NeverCameError extends Error {
  override readonly name = 'NeverCameError';
  constructor(what: string, options?: ErrorOptions) {
    super(`This never came: ${what}`, options);
  }
}

/** Asks until nothing is thrown. @throws NeverCameError with the last fault as its cause */
export function withPatience<Value>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<Value>,
): Promise<Value> {
  return attempt(what, timeoutMs, async () => ({ value: await ask() }));
}

/** Looks until there is something. What it throws counts as "not yet". @throws NeverCameError */
export function untilThere<Value>(
  what: string,
  timeoutMs: number,
  look: () => Promise<Value | null>,
): Promise<Value> {
  return attempt(what, timeoutMs, async () => {
    const value = await look();
    return value === null ? null : { value };
  });
}

async function attempt<Value>(
  what: string,
  timeoutMs: number,
  look: () => Promise<{ value: Value } | null>,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const found = await look();
      if (found !== null) return found.value;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new NeverCameError(what, { cause });
    await delay(POLL_INTERVAL_MS);
  }
}
