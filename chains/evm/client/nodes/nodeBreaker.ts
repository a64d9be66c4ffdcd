import {
  type CircuitBreakerPolicy,
  type CircuitState,
  ConsecutiveBreaker,
  CountBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type IBreaker,
} from 'cockatiel';
import { isUnanswered } from './nodeErrors.ts';
import type { Suspension } from './nodeState.ts';
import { RateLimitedError } from './rateLimit.ts';

/** HTTP requests in a row without an answer that open the breaker. */
const MAX_FAILURES_IN_A_ROW = 3;
/** Or this share of the last so many. */
const MAX_FAILURE_SHARE = 0.5;
const REQUESTS_LOOKED_AT = 20;

/**
 * Opens for a node that does not answer; being asked to wait, and answering with an error, are answers. Half open it lets
 * one request through.
 */
export function createNodeBreaker(suspension: Suspension): CircuitBreakerPolicy {
  return circuitBreaker(
    handleWhen((error) => isUnanswered(error) && !(error instanceof RateLimitedError)),
    { breaker: new DeadOrFlapping(), halfOpenAfter: new DelegateBackoff(() => suspension.begin(Date.now())) },
  );
}

class DeadOrFlapping implements IBreaker {
  readonly #dead = new ConsecutiveBreaker(MAX_FAILURES_IN_A_ROW);
  readonly #flapping = new CountBreaker({ threshold: MAX_FAILURE_SHARE, size: REQUESTS_LOOKED_AT });
  /** Not kept over restarts: what a node was then says nothing now. */
  state: unknown = null;

  success(state: CircuitState): void {
    this.#dead.success();
    this.#flapping.success(state);
  }

  failure(state: CircuitState): boolean {
    const isFlapping = this.#flapping.failure(state);
    return this.#dead.failure() || isFlapping;
  }
}
