import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { DEMOTION_REASONS, type DemotionReason, NODE_STATES, type NodeState } from './nodeState.ts';

export type RequestOutcome = 'ok' | 'refused' | 'unanswered' | 'rate_limited';

const CHECK_OUTCOMES = ['agreed', 'majority', 'disagreed', 'too_few'] as const;
/** agreed: two nodes said the same. majority: two of three did. disagreed, too_few: nothing was concluded. */
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];

/** How a node is, as it is asked at a scrape. */
export type NodeReading = {
  readonly node: string;
  readonly state: NodeState;
  readonly head: bigint | null;
  /** Of the HTTP requests, lately. */
  readonly errorRatio: number;
};

/** What the nodes of all chains of a process tell. */
export type NodeMetrics = {
  answered(chain: string, node: string, outcome: RequestOutcome): void;
  took(chain: string, node: string, seconds: number): void;
  demoted(chain: string, node: string, reason: DemotionReason): void;
  checked(chain: string, outcome: CheckOutcome): void;
  /** The nodes of a chain are read at each scrape from now on. */
  read(chain: string, nodes: () => readonly NodeReading[]): void;
};

const LATENCY_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Once a registry. */
export function createNodeMetrics(registry: Registry): NodeMetrics {
  const ofNode = { labelNames: ['chain', 'node'] as const, registers: [registry] };
  const latency = new Histogram({
    name: 'rpc_node_latency_seconds',
    help: 'How long HTTP requests to a node took, answered or not.',
    buckets: LATENCY_BUCKETS_SECONDS,
    ...ofNode,
  });
  const requests = new Counter({
    name: 'rpc_node_requests_total',
    help: 'JSON-RPC requests to a node by outcome: ok, refused (it answered with an error), unanswered, rate_limited.',
    labelNames: ['chain', 'node', 'outcome'],
    registers: [registry],
  });
  const demotions = new Counter({
    name: 'rpc_node_demotions_total',
    help: 'How often a node ceased to be healthy, by reason.',
    labelNames: ['chain', 'node', 'reason'],
    registers: [registry],
  });
  const checks = new Counter({
    name: 'rpc_cross_check_total',
    help: 'Questions asked of two nodes by outcome: agreed, majority, disagreed, too_few. The last two conclude nothing.',
    labelNames: ['chain', 'outcome'],
    registers: [registry],
  });
  const readings = createReadings(registry);
  return {
    answered: (chain, node, outcome) => requests.inc({ chain, node, outcome }),
    took: (chain, node, seconds) => latency.observe({ chain, node }, seconds),
    demoted: (chain, node, reason) => demotions.inc({ chain, node, reason }),
    checked: (chain, outcome) => checks.inc({ chain, outcome }),
    read: (chain, nodes) => {
      readings.set(chain, nodes);
      // The first of a kind is seen only beside a zero.
      for (const outcome of CHECK_OUTCOMES) checks.inc({ chain, outcome }, 0);
      for (const { node } of nodes()) {
        for (const reason of DEMOTION_REASONS) demotions.inc({ chain, node, reason }, 0);
      }
    },
  };
}

function createReadings(registry: Registry): Map<string, () => readonly NodeReading[]> {
  const chains = new Map<string, () => readonly NodeReading[]>();
  const all = () => [...chains].flatMap(([chain, nodes]) => nodes().map((node) => ({ chain, ...node })));
  new Gauge({
    name: 'rpc_node_state',
    help: '1 for the state that a node is in, 0 for the others.',
    labelNames: ['chain', 'node', 'state'],
    registers: [registry],
    collect() {
      for (const { chain, node, state } of all()) {
        for (const each of NODE_STATES) this.set({ chain, node, state: each }, each === state ? 1 : 0);
      }
    },
  });
  const ofNode = { labelNames: ['chain', 'node'] as const, registers: [registry] };
  new Gauge({
    name: 'rpc_node_head',
    help: 'Number of the newest block that a node has told of.',
    ...ofNode,
    collect() {
      for (const { chain, node, head } of all()) if (head !== null) this.set({ chain, node }, Number(head));
    },
  });
  new Gauge({
    name: 'rpc_node_error_ratio',
    help: 'Share of the HTTP requests to a node that were not answered, the newest counting most.',
    ...ofNode,
    collect() {
      for (const { chain, node, errorRatio } of all()) this.set({ chain, node }, errorRatio);
    },
  });
  return chains;
}
