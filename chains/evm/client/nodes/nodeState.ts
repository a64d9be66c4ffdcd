/**
 * HEALTHY: asked. LAGGING: behind the others, or on another branch than they; asked when no healthy one is left.
 * RATE_LIMITED: it asked for a rest, and gets it. FAILING: its circuit breaker is open; asked only when no other is left.
 * LYING: the others contradicted it; not asked. WRONG_CHAIN: it is of another chain; not asked.
 */
export const NODE_STATES = ['HEALTHY', 'LAGGING', 'RATE_LIMITED', 'FAILING', 'LYING', 'WRONG_CHAIN'] as const;
export type NodeState = (typeof NODE_STATES)[number];

/** Why a node is not HEALTHY. */
export type DemotionReason = Exclude<NodeState, 'HEALTHY'>;

export const DEMOTION_REASONS = NODE_STATES.filter((state) => state !== 'HEALTHY');

/** How long a node stays out the first time, and at most. Each time that follows soon lasts twice as long. */
export const SUSPENDED_FOR: Record<DemotionReason, { readonly firstMs: number; readonly maxMs: number }> = {
  LAGGING: { firstMs: 2_000, maxMs: 60_000 },
  RATE_LIMITED: { firstMs: 1_000, maxMs: 30_000 },
  FAILING: { firstMs: 1_000, maxMs: 60_000 },
  LYING: { firstMs: 60_000, maxMs: 3_600_000 },
  WRONG_CHAIN: { firstMs: 10_000, maxMs: 600_000 },
};
/** A node that was well so many times as long as it was out last begins at the first suspension again. */
export const FORGIVEN_AFTER_TIMES = 10;

/** The times that one node was out for one reason. */
export class Suspension {
  readonly #reason: DemotionReason;
  #times = 0;
  #until = 0;
  #lastedMs = 0;

  constructor(reason: DemotionReason) {
    this.#reason = reason;
  }

  isOut(now: number): boolean {
    return now < this.#until;
  }

  /**
   * Begins at `now`.
   * @param atLeastMs what the node itself asked for, bounded
   * @returns how long it lasts, in ms
   */
  begin(now: number, atLeastMs = 0): number {
    // Several requests of one moment are one time.
    if (this.isOut(now)) {
      this.#until = Math.max(this.#until, now + atLeastMs);
      return this.#until - now;
    }
    const { firstMs, maxMs } = SUSPENDED_FOR[this.#reason];
    if (now - this.#until > FORGIVEN_AFTER_TIMES * this.#lastedMs) this.#times = 0;
    const ours = Math.min(maxMs, firstMs * 2 ** Math.min(this.#times, 30));
    this.#lastedMs = Math.max(atLeastMs, ours);
    this.#times += 1;
    this.#until = now + this.#lastedMs;
    return this.#lastedMs;
  }
}
