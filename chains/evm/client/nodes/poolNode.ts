import { BrokenCircuitError, type CircuitBreakerPolicy, CircuitState } from 'cockatiel';
import type { Logger } from 'pino';
import { HttpRequestError } from 'viem';
import type { EvmNode } from '../evmClient.ts';
import { NO_URL } from '../nodeUrlHider.ts';
import { Ignorance } from './ignorance.ts';
import { createJsonRpcHttp, type JsonRpcHttp, type JsonRpcRequest } from './jsonRpcHttp.ts';
import { createNodeBreaker } from './nodeBreaker.ts';
import { isUnanswered } from './nodeErrors.ts';
import type { NodeMetrics, NodeReading, RequestOutcome } from './nodeMetrics.ts';
import { type DemotionReason, type NodeState, Suspension } from './nodeState.ts';
import { RateLimitedError } from './rateLimit.ts';

export type PoolNodeOptions = {
  /** From 1, as the configuration has it: nothing of the URL is ever told. */
  readonly label: string;
  readonly node: EvmNode;
  readonly caip2: string;
  readonly eip155ChainId: number;
  readonly logger: Logger;
  readonly metrics: NodeMetrics;
};

/** `timestamp` in Unix seconds. */
export type NodeHead = { readonly number: bigint; readonly timestamp: bigint };

/** The newest measurement's share in an average. */
const SMOOTHING = 0.2;
/** Contradictions in a row about which block has a number, that a reorg cannot explain any more. */
const MAX_BRANCH_CONTRADICTIONS = 5;

/** One node of a chain: asks it, measures it, and knows whether it should be asked. */
export class PoolNode {
  readonly label: string;
  readonly wsUrl: string | undefined;
  readonly #options: PoolNodeOptions;
  readonly #http: JsonRpcHttp;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #suspensions: Record<DemotionReason, Suspension>;
  readonly #ignorance = new Ignorance();
  #chain: 'UNKNOWN' | 'RIGHT' | 'WRONG' = 'UNKNOWN';
  #chainCheck: Promise<void> | null = null;
  #head: NodeHead | null = null;
  #latencyMs = 0;
  #errorRatio = 0;
  #lag: string | null = null;
  #branchContradictions = 0;
  #lie: string | null = null;
  #hasAnswered = true;
  #told: NodeState = 'HEALTHY';

  constructor(options: PoolNodeOptions) {
    this.label = options.label;
    this.wsUrl = options.node.wsUrl;
    this.#options = options;
    this.#http = createJsonRpcHttp(options.node.rpcUrl, (send) => this.#aroundHttp(send));
    this.#suspensions = {
      LAGGING: new Suspension('LAGGING'),
      RATE_LIMITED: new Suspension('RATE_LIMITED'),
      FAILING: new Suspension('FAILING'),
      LYING: new Suspension('LYING'),
      WRONG_CHAIN: new Suspension('WRONG_CHAIN'),
    };
    this.#breaker = createNodeBreaker(this.#suspensions.FAILING);
    // What comes back may be another machine.
    this.#breaker.onBreak(() => {
      this.#chain = 'UNKNOWN';
    });
  }

  get head(): NodeHead | null {
    return this.#head;
  }

  /** Whether it is of the right chain, as far as it has told. */
  get chain(): 'UNKNOWN' | 'RIGHT' | 'WRONG' {
    return this.#chain;
  }

  /** In ms, worse the more often the node does not answer: for choosing. */
  get cost(): number {
    return this.#latencyMs * (1 + 10 * this.#errorRatio);
  }

  /** How the node is now, and why, in words without anything of its URL. */
  state(now = Date.now()): { readonly state: NodeState; readonly why: string } {
    if (this.#chain === 'WRONG') return { state: 'WRONG_CHAIN', why: 'it is of another chain' };
    if (this.#suspensions.LYING.isOut(now)) return { state: 'LYING', why: this.#lie ?? '' };
    if (this.#suspensions.RATE_LIMITED.isOut(now)) {
      return { state: 'RATE_LIMITED', why: 'it asked for a rest' };
    }
    if (this.#breaker.state !== CircuitState.Closed) return { state: 'FAILING', why: 'it did not answer' };
    if (this.#lag !== null) return { state: 'LAGGING', why: this.#lag };
    return { state: 'HEALTHY', why: '' };
  }

  /**
   * Whether asking it makes sense: it is well, or lags; or it failed, and has answered since, as the last resort. It stays
   * out for its time all the same, so that others are asked before it.
   */
  get canBeAsked(): boolean {
    const { state } = this.state();
    return state === 'HEALTHY' || state === 'LAGGING' || (state === 'FAILING' && this.#hasAnswered);
  }

  reading(): NodeReading {
    const { state } = this.state();
    return {
      node: this.label,
      state,
      head: this.#head?.number ?? null,
      errorRatio: this.#errorRatio,
    };
  }

  /**
   * Asks this node, after it has once told that it is of the right chain.
   * @param isLastResort asks although the breaker is open
   * @throws as JsonRpcHttp; HttpRequestError, too, when the node is not to be asked now
   */
  async request(asked: JsonRpcRequest, isLastResort = false): Promise<unknown> {
    const { metrics, caip2 } = this.#options;
    this.tell();
    this.#requireOpen(isLastResort);
    try {
      if (this.#chain !== 'RIGHT') await this.#checkChain();
      const answer = await this.#http.request(asked);
      metrics.answered(caip2, this.label, 'ok');
      this.#noteHead(asked, answer);
      return answer;
    } catch (error) {
      metrics.answered(caip2, this.label, outcomeOf(error));
      throw error;
    } finally {
      this.tell();
    }
  }

  /** The others say otherwise about what can be said in one way only. */
  contradicted(what: string): void {
    this.#lie = `the others contradict it about ${what}`;
    this.#suspensions.LYING.begin(Date.now());
    this.tell();
  }

  /** The others have another block of a number: a reorg's doing, unless it goes on. */
  onOtherBranch(what: string): void {
    this.#branchContradictions += 1;
    if (this.#branchContradictions >= MAX_BRANCH_CONTRADICTIONS) this.contradicted(what);
    else this.noteLag('it is on another branch than the others');
  }

  /** Two others told what it says not to know: that contradicts nobody, but for ever it is of no use. */
  didNotKnow(what: string): void {
    if (this.#ignorance.didNotKnow(what, Date.now()))
      this.noteLag(`it does not know what the others tell (${what})`);
  }

  /** It said what another said, too. */
  agreed(what: string): void {
    this.#branchContradictions = 0;
    this.#ignorance.knew(what);
  }

  /** @param why it lags, or null: then it is well again, after its time */
  noteLag(why: string | null): void {
    const now = Date.now();
    const { LAGGING } = this.#suspensions;
    if (why !== null && this.#lag === null) LAGGING.begin(now);
    if (why !== null || !LAGGING.isOut(now)) this.#lag = why;
    this.tell();
  }

  /** Tells a change of state, once. */
  tell(): void {
    const { state, why } = this.state();
    if (state === this.#told) return;
    const { logger, metrics, caip2 } = this.#options;
    this.#told = state;
    if (state === 'HEALTHY') {
      logger.info({ node: this.label }, 'a node is well again');
      return;
    }
    metrics.demoted(caip2, this.label, state);
    logger.warn({ node: this.label, state, why }, 'a node is not well');
  }

  #requireOpen(isLastResort: boolean): void {
    const now = Date.now();
    if (this.#suspensions.RATE_LIMITED.isOut(now)) throw new RateLimitedError(null);
    const isWrong = this.#chain === 'WRONG' && this.#suspensions.WRONG_CHAIN.isOut(now);
    const isBroken = this.#breaker.state === CircuitState.Open && this.#suspensions.FAILING.isOut(now);
    if (isWrong || (isBroken && !isLastResort)) throw notAsked();
  }

  /** One at a time, for whoever comes first. */
  async #checkChain(): Promise<void> {
    const check = async () => {
      const answer = await this.#http.request({ method: 'eth_chainId' });
      this.#chain = Number(answer) === this.#options.eip155ChainId ? 'RIGHT' : 'WRONG';
      if (this.#chain === 'WRONG') this.#suspensions.WRONG_CHAIN.begin(Date.now());
    };
    this.#chainCheck ??= check().finally(() => {
      this.#chainCheck = null;
    });
    await this.#chainCheck;
    if (this.#chain === 'WRONG') throw notAsked();
  }

  async #aroundHttp<T>(send: () => Promise<T>): Promise<T> {
    const started = performance.now();
    let isAnswered = true;
    try {
      return await this.#breaker.execute(send).catch((error: unknown) => {
        // Nobody else can be asked.
        if (error instanceof BrokenCircuitError) return send();
        throw error;
      });
    } catch (error) {
      isAnswered = !isUnanswered(error);
      if (error instanceof RateLimitedError) {
        this.#suspensions.RATE_LIMITED.begin(Date.now(), error.retryAfterMs ?? 0);
      }
      throw error;
    } finally {
      const tookMs = performance.now() - started;
      this.#latencyMs += SMOOTHING * (tookMs - this.#latencyMs);
      this.#errorRatio += SMOOTHING * ((isAnswered ? 0 : 1) - this.#errorRatio);
      this.#hasAnswered = isAnswered;
      this.#options.metrics.took(this.#options.caip2, this.label, tookMs / 1000);
    }
  }

  #noteHead({ method, params }: JsonRpcRequest, answer: unknown): void {
    if (method !== 'eth_getBlockByNumber' || !Array.isArray(params) || params[0] !== 'latest') return;
    this.#head = headOf(answer);
    if (this.#head === null) this.noteLag('it tells of no newest block');
  }
}

/** The number and time of a block as a node tells of it; null when it is none. */
export function headOf(answer: unknown): NodeHead | null {
  if (typeof answer !== 'object' || answer === null) return null;
  if (!('number' in answer) || !('timestamp' in answer)) return null;
  const { number, timestamp } = answer;
  if (!isQuantity(number) || !isQuantity(timestamp)) return null;
  return { number: BigInt(number), timestamp: BigInt(timestamp) };
}

function isQuantity(text: unknown): text is string {
  return typeof text === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(text);
}

function outcomeOf(error: unknown): RequestOutcome {
  if (error instanceof RateLimitedError) return 'rate_limited';
  return isUnanswered(error) ? 'unanswered' : 'refused';
}

function notAsked(): HttpRequestError {
  return new HttpRequestError({ url: NO_URL, details: 'the node is not asked now' });
}
