import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { numberToHex } from 'viem';
import { askInTurn, type NodeAnswer } from './askInTurn.ts';
import type { NodeChoice } from './chooseNodes.ts';
import { NodesDisagreeError, TooFewNodesError } from './inconclusive.ts';
import type { JsonRpcRequest } from './jsonRpcHttp.ts';
import { type Agreement, isAnswered, judgeAnswers, speakers } from './judgeAnswers.ts';
import type { CheckOutcome } from './nodeMetrics.ts';
import { headOf } from './poolNode.ts';
import { atBlock, blockHashOf, blockOf, kindOfQuestion, paramsOf } from './question.ts';

/** One node may be a moment behind the other: both are asked again after so many ms. */
const ASKED_AGAIN_AFTER_MS = [100, 250, 500];

export type CheckedRequestsOptions = {
  readonly choice: NodeChoice;
  /** Of one node, for what cannot be checked. */
  readonly request: (asked: JsonRpcRequest) => Promise<unknown>;
  readonly logger: Logger;
  readonly count: (outcome: CheckOutcome) => void;
};

/** Answers that two nodes gave alike. What is asked of "the newest block" is asked of one block that both have. */
export class CheckedRequests {
  readonly #options: CheckedRequestsOptions;
  #latest: Promise<unknown> | null = null;

  constructor(options: CheckedRequestsOptions) {
    this.#options = options;
  }

  /** @throws InconclusiveError when two nodes do not say the same; what they refuse with when both do */
  async request(asked: JsonRpcRequest): Promise<unknown> {
    switch (kindOfQuestion(asked)) {
      case 'SEND':
      case 'OPINION':
        return this.#options.request(asked);
      case 'HEAD':
        return this.#head(asked);
      case 'STATE':
        return this.#agree(await this.#atHash(asked));
      case 'FACT':
        return this.#agree(asked);
    }
  }

  async #head(asked: JsonRpcRequest): Promise<unknown> {
    const [tag, isFull] = paramsOf(asked.params);
    if (asked.method === 'eth_blockNumber') return numberOf(await this.#newest('latest', false));
    return this.#newest(tag === 'latest' ? 'latest' : String(tag), isFull === true);
  }

  async #atHash(asked: JsonRpcRequest): Promise<JsonRpcRequest> {
    const named = blockOf(asked);
    if (typeof named !== 'string') return asked;
    const isNumber = named.startsWith('0x') || named === 'earliest';
    const block = isNumber
      ? await this.#agree({ method: 'eth_getBlockByNumber', params: [named, false] })
      : await this.#newest(named, false);
    const hash = blockHashOf(block);
    if (hash === null) throw new TooFewNodesError(asked.method, 'the block is not known');
    return atBlock(asked, hash);
  }

  /** Requests of one moment share the answer. */
  #newest(tag: string, isFull: boolean): Promise<unknown> {
    if (tag !== 'latest' || isFull) return this.#readNewest(tag, isFull);
    this.#latest ??= this.#readNewest(tag, isFull).finally(() => {
      this.#latest = null;
    });
    return this.#latest;
  }

  /** Of two nodes' newest blocks the lower one, as both have it; null when one has none. */
  async #readNewest(tag: string, isFull: boolean): Promise<unknown> {
    const asked = { method: 'eth_getBlockByNumber', params: [tag, false] };
    const outcome = await this.#ask(asked, (answers) => {
      const blocks = answers.filter((answer) => answer.kind === 'VALUE');
      const [first, second] = blocks;
      return first === undefined || second === undefined ? null : [first.value, second.value];
    });
    if ('answers' in outcome) throw this.#tooFew(asked, outcome.answers);
    const [lower] = outcome.verdict
      .map((block) => headOf(block)?.number)
      .toSorted((a, b) => Number((a ?? -1n) - (b ?? -1n)));
    if (lower === undefined || outcome.verdict.some((block) => headOf(block) === null)) return null;
    return this.#agree({ method: 'eth_getBlockByNumber', params: [numberToHex(lower), isFull] });
  }

  async #agree(asked: JsonRpcRequest): Promise<unknown> {
    let answers: readonly NodeAnswer[] = [];
    for (const wait of [0, ...ASKED_AGAIN_AFTER_MS]) {
      if (wait > 0) await delay(wait);
      const outcome = await this.#ask(asked, (all) => judgeAnswers(asked, all));
      if ('verdict' in outcome) return this.#conclude(asked, outcome.verdict);
      answers = outcome.answers;
      // Contradictions and silence do not pass so soon; not to know yet does.
      if (answers.filter(isAnswered).length < 2 || speakers(asked, answers).length > 1) break;
    }
    const contradicting = speakers(asked, answers);
    if (contradicting.length < 2) throw this.#tooFew(asked, answers);
    this.#options.count('disagreed');
    this.#options.logger.warn(
      { method: asked.method, nodes: contradicting },
      'nodes contradict each other: nothing is concluded',
    );
    throw new NodesDisagreeError(asked.method, contradicting);
  }

  #ask<Verdict>(asked: JsonRpcRequest, judge: (answers: readonly NodeAnswer[]) => Verdict | null) {
    return askInTurn({
      turns: this.#options.choice.turns(),
      atOnce: 2,
      ask: ({ node, isLastResort }) => node.request(asked, isLastResort),
      judge,
    });
  }

  #conclude(asked: JsonRpcRequest, { answer, agreed, liars, onOtherBranch }: Agreement): unknown {
    this.#options.count(liars.length + onOtherBranch.length === 0 ? 'agreed' : 'majority');
    for (const node of liars) node.contradicted(asked.method);
    for (const node of onOtherBranch) node.onOtherBranch(asked.method);
    for (const node of agreed) node.agreed();
    if (answer.kind === 'VALUE') return answer.value;
    throw answer.error;
  }

  #tooFew(asked: JsonRpcRequest, answers: readonly NodeAnswer[]): Error {
    this.#options.count('too_few');
    const told = answers.map(({ node, kind }) => `${node.label} ${kind}`).join(', ');
    return new TooFewNodesError(asked.method, told === '' ? this.#options.choice.nobody().details : told);
  }
}

function numberOf(block: unknown): string | null {
  const number = headOf(block)?.number;
  return number === undefined ? null : numberToHex(number);
}
