import type { Logger } from './logger.ts';

/** Answers null when all is well, otherwise the reason, for an operator. Rejecting is a reason too. */
export type HealthCheck = () => Promise<string | null>;

export type HealthReport = { ready: boolean; reasons: { check: string; reason: string }[] };

export type Health = {
  /**
   * Adds a check. Its name is public. Of a group the process is ready while one check is well; of no group (null) it is
   * ready in any case, and tells. Unless a group is named, it is not ready while the check fails.
   */
  add(name: string, check: HealthCheck, options?: { readonly group: string | null }): void;
  /** Runs all checks at once, each for at most CHECK_TIMEOUT_MS. */
  report(): Promise<HealthReport>;
};

const CHECK_TIMEOUT_MS = 2_000;

/**
 * What `GET /health` answers from: 200 when the process is ready, 503 when it is not, with the reasons of all checks that fail.
 * @param logger told of each check whose state changes, once, with the cause that the public is not shown
 */
export function createHealth(logger?: Logger): Health {
  const checks = new Map<string, { run: HealthCheck; group: string | null }>();
  const failing = new Map<string, string>();

  function tell(check: string, { reason, cause }: Outcome): void {
    if (reason === (failing.get(check) ?? null)) return;
    if (reason === null) {
      failing.delete(check);
      logger?.info({ check }, 'a health check is well again');
    } else {
      failing.set(check, reason);
      logger?.warn({ check, reason, err: cause }, 'a health check fails');
    }
  }

  return {
    add: (name, run, { group } = { group: name }) => checks.set(name, { run, group }),
    report: async () => {
      const outcomes = await Promise.all(
        [...checks].map(async ([check, { run, group }]) => {
          const outcome = await outcomeOf(run);
          tell(check, outcome);
          return { check, group, reason: outcome.reason };
        }),
      );
      const groups = Map.groupBy(outcomes, ({ group }) => group);
      return {
        ready: [...groups].every(
          ([group, members]) => group === null || members.some(({ reason }) => reason === null),
        ),
        reasons: outcomes.flatMap(({ check, reason }) => (reason === null ? [] : [{ check, reason }])),
      };
    },
  };
}

type Outcome = { reason: string | null; cause?: unknown };

async function outcomeOf(check: HealthCheck): Promise<Outcome> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(resolve, CHECK_TIMEOUT_MS, `no answer in ${CHECK_TIMEOUT_MS} ms`);
  try {
    return { reason: await Promise.race([check(), late]) };
  } catch (cause) {
    // The error itself may name hosts and users: it is for the log, not for the public.
    return { reason: 'the check failed', cause };
  } finally {
    clearTimeout(timer);
  }
}
