import { refuse } from '../../core/errors.ts';

/** A workbook may unpack to 256 MiB, and reading holds the processor: more at once make none of them faster. */
export const MAX_FILES_READ_AT_ONCE = 2;
export const MAX_FILES_WAITING_TO_BE_READ = 20;
export const MAX_WAIT_TO_BE_READ_SECONDS = 30;

export const TURN_FAULTS = {
  TOO_MANY_IMPORTS: 'The server is reading as many files as it can. Retry in a moment, with the same key.',
} as const;

export type TurnLimits = {
  readonly atOnce: number;
  readonly waiting: number;
  readonly waitSeconds: number;
};

/**
 * Lets so many works run at once in this process; others wait, the one that came first goes first.
 * @returns runs a work. @throws UserFaultsError TOO_MANY_IMPORTS when too many wait, or it waited too long
 */
export function takeTurns({ atOnce, waiting, waitSeconds }: TurnLimits) {
  let running = 0;
  const queue = new Set<() => void>();
  const waitForTurn = (): Promise<boolean> =>
    new Promise((resolve) => {
      const begin = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        queue.delete(begin);
        resolve(false);
      }, waitSeconds * 1_000);
      queue.add(begin);
    });
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running < atOnce) running += 1;
    else if (queue.size >= waiting || !(await waitForTurn())) {
      refuse('TOO_MANY_IMPORTS', TURN_FAULTS.TOO_MANY_IMPORTS);
    }
    try {
      return await work();
    } finally {
      // The turn is handed on, so that nobody who comes now takes it first.
      const [next] = queue;
      if (next === undefined) running -= 1;
      else {
        queue.delete(next);
        next();
      }
    }
  };
}

/** Reads files of imports, of everybody in this process. */
export const readInTurn = takeTurns({
  atOnce: MAX_FILES_READ_AT_ONCE,
  waiting: MAX_FILES_WAITING_TO_BE_READ,
  waitSeconds: MAX_WAIT_TO_BE_READ_SECONDS,
});
