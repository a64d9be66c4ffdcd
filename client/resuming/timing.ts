/** Every time this exchange keeps, in milliseconds, and every count it stops at. */
export type Timing = {
  /** The wait before the first attempt after a loss; doubles with each that fails. */
  firstRetryDelayMs: number;
  maxRetryDelayMs: number;
  /** How often the server is asked for a sign of life. */
  pingIntervalMs: number;
  /** How long it may take to give one: then the connection counts as lost, whatever the socket says. */
  pongTimeoutMs: number;
  /** From the first byte to the server's acknowledgement. */
  connectTimeoutMs: number;
  /** A connection that lasted so long was a good one: the waits begin at `firstRetryDelayMs` again. */
  stableConnectionMs: number;
  /** Silence after which a subscription counts as caught up when no cursor says so. */
  caughtUpQuietMs: number;
  /** How long the socket outlives the last subscription, for a page that opens the next one. */
  lingerMs: number;
};

export const FIRST_RETRY_DELAY_MS = 250;
export const MAX_RETRY_DELAY_MS = 15_000;
export const PING_INTERVAL_MS = 12_000;
export const PONG_TIMEOUT_MS = 5_000;
export const CONNECT_TIMEOUT_MS = 10_000;
/** Longer than the server takes to tell a silent stream that its session has ended. */
export const STABLE_CONNECTION_MS = 15_000;
export const CAUGHT_UP_QUIET_MS = 1_000;
export const LINGER_MS = 1_000;
/** Refusals in a row, without a message in between, after which the app is told why; the attempts go on. */
export const REFUSALS_UNTIL_TOLD = 5;
/** Lost positions in a row, without a message in between, after which one subscription ends with the error. */
export const MAX_LOST_CURSORS_IN_A_ROW = 2;

export const DEFAULT_TIMING: Timing = {
  firstRetryDelayMs: FIRST_RETRY_DELAY_MS,
  maxRetryDelayMs: MAX_RETRY_DELAY_MS,
  pingIntervalMs: PING_INTERVAL_MS,
  pongTimeoutMs: PONG_TIMEOUT_MS,
  connectTimeoutMs: CONNECT_TIMEOUT_MS,
  stableConnectionMs: STABLE_CONNECTION_MS,
  caughtUpQuietMs: CAUGHT_UP_QUIET_MS,
  lingerMs: LINGER_MS,
};

/**
 * Exponential back-off with jitter: between half and all of first × 2^failures, so that the clients of a server that
 * restarts do not come back in step.
 * @param failures attempts that failed in a row, from 0
 * @param random in [0, 1)
 * @returns milliseconds, never more than `maxRetryDelayMs`
 */
export function retryDelayMs(
  failures: number,
  timing: Pick<Timing, 'firstRetryDelayMs' | 'maxRetryDelayMs'>,
  random: () => number,
): number {
  const whole = Math.min(timing.maxRetryDelayMs, timing.firstRetryDelayMs * 2 ** Math.min(failures, 30));
  return whole * (0.5 + random() / 2);
}
