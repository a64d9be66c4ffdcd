import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { numberToHex } from 'viem';
import { askInTurn, type NodeReply } from './askInTurn.ts';
import { askLogs } from './askLogs.ts';
import type { NodeChoice } from './chooseNodes.ts';
import { NodesDisagreeError, TooFewNodesError } from './inconclusive.ts';
import type { JsonRpcRequest } from './jsonRpcHttp.ts';
import { type Agreement, isAnswered, judgeAnswers, speakers } from './judgeAnswers.ts';
import type { CheckOutcome } from './nodeMetrics.ts';
import { headOf } from './poolNode.ts';
import { atBlock, blockHashOf, blockOf, kindOfQuestion, paramsOf } from './question.ts';
import { HEADS, isEnough, type Ranking, rankAnswers, TIPS } from './rankAnswers.ts';

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
      case 'FEES':
        return this.#fees(asked);
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

  /**
   * Of two nodes' newest blocks the lower one, as both have it; of three that are far apart the middle one. Null when there
   * is none.
   */
  async #readNewest(tag: string, isFull: boolean): Promise<unknown> {
    const asked = { method: 'eth_getBlockByNumber', params: [tag, isFull] };
    const { ranked, answers } = await this.#askRanked(asked, HEADS);
    const [, second] = ranked;
    if (second === undefined) throw this.#tooFew(asked, answers);
    if (second.rank < 0n) return null;
    const numbered = { method: 'eth_getBlockByNumber', params: [numberToHex(second.rank), isFull] };
    // Most often two have just told of the same one.
    const told = ranked.filter(({ rank }) => rank === second.rank).map(({ answer }) => answer);
    const agreement = judgeAnswers(numbered, told);
    return agreement === null ? this.#agree(numbered) : this.#conclude(numbered, agreement);
  }

  /** Of two nodes' answers the one with the lower tip, of three that are far apart the middle one; one's, where one answers. */
  async #fees(asked: JsonRpcRequest): Promise<unknown> {
    const { ranked } = await this.#askRanked(asked, TIPS);
    const found = ranked[1] ?? ranked[0];
    return found === undefined ? this.#options.request(asked) : found.answer.value;
  }

  async #askRanked(asked: JsonRpcRequest, ranking: Ranking) {
    const all = this.#options.choice.turns();
    const open = all.filter(({ isLastResort }) => !isLastResort);
    const judge = (answers: readonly NodeReply[]) => {
      const ranked = rankAnswers(answers, ranking);
      return isEnough(ranked, ranking) ? { ranked, answers } : null;
    };
    // For a third opinion nobody waits for a node that fails.
    const outcome = await this.#ask(asked, judge, open.length < 2 ? all : open);
    if ('verdict' in outcome) return outcome.verdict;
    return { ranked: rankAnswers(outcome.answers, ranking), answers: outcome.answers };
  }

  async #agree(asked: JsonRpcRequest): Promise<unknown> {
    let answers: readonly NodeReply[] = [];
    for (const wait of [0, ...ASKED_AGAIN_AFTER_MS]) {
      if (wait > 0) await delay(wait);
      const outcome = await this.#ask(asked, (all) => judgeAnswers(asked, all));
      if ('verdict' in outcome) return this.#conclude(asked, outcome.verdict);
      answers = outcome.answers;
      // Contradictions and silence do not pass so soon; not to know yet does.
      if (answers.filter(isAnswered).length < 2 || speakers(answers).length > 1) break;
    }
    const contradicting = speakers(answers);
    if (contradicting.length < 2) throw this.#tooFew(asked, answers);
    this.#options.count('disagreed');
    this.#options.logger.warn(
      { method: asked.method, nodes: contradicting },
      'nodes contradict each other: nothing is concluded',
    );
    throw new NodesDisagreeError(asked.method, contradicting);
  }

  #ask<Verdict>(
    asked: JsonRpcRequest,
    judge: (answers: readonly NodeReply[]) => Verdict | null,
    turns = this.#options.choice.turns(),
  ) {
    return askInTurn({
      turns,
      atOnce: 2,
      ask: ({ node, isLastResort }) => {
        const request = (question: JsonRpcRequest) => node.request(question, isLastResort);
        return asked.method === 'eth_getLogs' ? askLogs(request, asked) : request(asked);
      },
      judge,
    });
  }

  #conclude(asked: JsonRpcRequest, { answer, agreed, ignorant, liars, onOtherBranch }: Agreement): unknown {
    this.#options.count(liars.length + onOtherBranch.length === 0 ? 'agreed' : 'majority');
    for (const node of liars) node.contradicted(asked.method);
    for (const node of onOtherBranch) node.onOtherBranch(asked.method);
    for (const node of ignorant) node.didNotKnow(asked.method);
    for (const node of agreed) node.agreed(asked.method);
    if (answer.kind === 'VALUE') return answer.value;
    throw answer.error;
  }

  #tooFew(asked: JsonRpcRequest, answers: readonly NodeReply[]): Error {
    this.#options.count('too_few');
    const told = answers.map(({ node, kind }) => `${node.label} ${kind}`).join(', ');
    return new TooFewNodesError(asked.method, told === '' ? this.#options.choice.nobody().details : told);
  }
}

function numberOf(block: unknown): string | null {
  const number = headOf(block)?.number;
  return number === undefined ? null : numberToHex(number);
}
