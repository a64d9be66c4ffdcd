import type { Logger } from 'pino';

export type Loop = {
  /** Ends the loop; resolves when the round under way has ended. */
  stop(): Promise<void>;
};

/**
 * Runs `round` at once and then again and again, `intervalMs` after the last one ended. What it throws is logged: the
 * next round looks at everything anew.
 */
export function startLoop(
  name: string,
  intervalMs: number,
  logger: Logger,
  round: (number: number) => Promise<void>,
): Loop {
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let number = 0;
  let underWay = run();

  async function run(): Promise<void> {
    try {
      await round(number);
    } catch (error) {
      logger.error({ err: error, loop: name }, 'A round failed; the next one looks at everything anew');
    }
    number += 1;
    if (stopped) return;
    timer = setTimeout(() => {
      underWay = run();
    }, intervalMs);
  }

  return {
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await underWay;
    },
  };
}
