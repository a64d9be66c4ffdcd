import type { Logger } from 'pino';
import { type EvmClient, type EvmNode, evmClientOf } from '../evmClient.ts';
import { watchHeads } from '../watchHeads.ts';
import { askInTurn } from './askInTurn.ts';
import { CheckedRequests } from './checkedRequests.ts';
import { NodeChoice } from './chooseNodes.ts';
import type { JsonRpcRequest } from './jsonRpcHttp.ts';
import { noteLags } from './lag.ts';
import { cannotSay } from './nodeErrors.ts';
import type { NodeMetrics } from './nodeMetrics.ts';
import type { NodeState } from './nodeState.ts';
import { PoolNode } from './poolNode.ts';
import { sendToAll } from './sendToAll.ts';

/** A chain, and the nodes that may be asked about it. */
export type PooledChain = {
  readonly caip2: string;
  readonly eip155ChainId: number;
  readonly nodes: readonly EvmNode[];
};

/** The nodes of one chain, as one. */
export type NodePool = {
  /** The best healthy node's answers; the next one's when it does not answer. Sends go to all. */
  readonly client: EvmClient;
  /** Answers that two nodes gave alike, or none (InconclusiveError). With one node configured, that node's. */
  readonly checked: EvmClient;
  /** Calls `moved` whenever a node tells of a new head: a hint, with its hash if it was told. @returns a function that ends it */
  watch(moved: (hash: string | null) => void): () => void;
  /** How each node is now. `node` from 1, as configured. */
  states(): readonly { readonly node: string; readonly state: NodeState; readonly why: string }[];
  /** Whether as many nodes can be asked now as a conclusion takes: two, or the only one. */
  canBeAsked(): boolean;
  /**
   * Asks all nodes which chain they are of.
   * @returns WRONG when none is of the right one and all have told; UNKNOWN when some have not
   */
  whichChain(): Promise<'RIGHT' | 'WRONG' | 'UNKNOWN'>;
  close(): void;
};

/** How often each node is asked for its head: so is known who lags, and who is back. */
const POLL_INTERVAL_MS = 2_000;
/** So many nodes must say what something is concluded from, where there are as many. */
const SAY_THE_SAME = 2;
const READ_HEAD: JsonRpcRequest = { method: 'eth_getBlockByNumber', params: ['latest', false] };

/** @param options.pollIntervalMs another than 2 s */
export function createNodePool(
  chain: PooledChain,
  options: { logger: Logger; metrics: NodeMetrics; pollIntervalMs?: number },
): NodePool {
  const { metrics } = options;
  const { caip2, eip155ChainId } = chain;
  const logger = options.logger.child({ chain: caip2 });
  const nodes = chain.nodes.map(
    (node, index) => new PoolNode({ label: String(index + 1), node, caip2, eip155ChainId, logger, metrics }),
  );
  const choice = new NodeChoice(nodes);
  const route = (asked: JsonRpcRequest) => routeRequest(choice, asked);
  const checkedRequests = new CheckedRequests({
    ...{ choice, request: route, logger },
    count: (outcome) => metrics.checked(caip2, outcome),
  });
  const client = evmClientOf(route);
  const checked = nodes.length === 1 ? client : evmClientOf((asked) => checkedRequests.request(asked));
  const poll = async (): Promise<void> => {
    await Promise.allSettled(nodes.map((node) => node.request(READ_HEAD)));
    noteLags(nodes);
  };
  const timer = setInterval(() => void poll(), options.pollIntervalMs ?? POLL_INTERVAL_MS);
  timer.unref();
  metrics.read(caip2, () => nodes.map((node) => node.reading()));
  return {
    client,
    checked,
    watch: (moved) => watchNodes(nodes, moved, logger),
    states: () => nodes.map((node) => ({ node: node.label, ...node.state() })),
    canBeAsked: () => nodes.filter((node) => node.canBeAsked).length >= Math.min(nodes.length, SAY_THE_SAME),
    whichChain: async () => {
      await Promise.allSettled(nodes.map((node) => node.request({ method: 'eth_chainId' })));
      const told = nodes.map((node) => node.chain);
      if (told.includes('RIGHT')) return 'RIGHT';
      return told.includes('UNKNOWN') ? 'UNKNOWN' : 'WRONG';
    },
    close: () => clearInterval(timer),
  };
}

/** Asks the best node, and the next one when it does not answer, or cannot say. @throws as one node's request */
async function routeRequest(choice: NodeChoice, asked: JsonRpcRequest): Promise<unknown> {
  const turns = choice.turns();
  if (turns.length === 0) throw choice.nobody();
  if (asked.method === 'eth_sendRawTransaction') {
    const open = turns.filter(({ isLastResort }) => !isLastResort);
    return sendToAll(open.length > 0 ? open : turns, asked);
  }
  const outcome = await askInTurn({
    turns,
    atOnce: 1,
    ask: ({ node, isLastResort }) => node.request(asked, isLastResort),
    judge: (answers) => {
      const last = answers.at(-1);
      if (last === undefined || last.kind === 'UNANSWERED') return null;
      return last.kind === 'REFUSED' && cannotSay(last.error) ? null : last;
    },
  });
  const answer =
    'verdict' in outcome
      ? outcome.verdict
      : (outcome.answers.find(({ kind }) => kind === 'REFUSED') ?? outcome.answers[0]);
  if (answer === undefined) throw choice.nobody();
  if (answer.kind === 'VALUE') return answer.value;
  throw answer.error;
}

/** Without hints everything goes on, a little later: nobody would notice a wrong URL. */
function watchNodes(
  nodes: readonly PoolNode[],
  moved: (hash: string | null) => void,
  logger: Logger,
): () => void {
  const ends = nodes.flatMap(({ wsUrl, label }) => {
    if (wsUrl === undefined) return [];
    const changed = (fault: string | null): void => {
      if (fault === null) logger.info({ node: label }, 'a node tells of new heads');
      else
        logger.warn(
          { node: label, fault },
          'a node tells of no new heads over its WebSocket; it is asked instead',
        );
    };
    return [watchHeads(wsUrl, moved, changed)];
  });
  return () => {
    for (const end of ends) end();
  };
}
