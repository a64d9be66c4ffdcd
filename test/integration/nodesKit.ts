import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createNodeMetrics } from '../../chains/evm/client/nodes/nodeMetrics.ts';
import { createNodePool, type NodePool } from '../../chains/evm/client/nodes/nodePool.ts';
import { required } from '../../core/errors.ts';
import type { NodeFault } from '../kit/nodeFaults.ts';
import { type NodeProxy, startNodeProxy } from '../kit/nodeProxy.ts';

const POLL_INTERVAL_MS = 50;

/** A pool of ways to one real node, each of which can be disturbed. */
export type PooledNodes = {
  readonly pool: NodePool;
  /** From 1, as the pool calls them. */
  node(number: number): NodeProxy;
  /** Node 1's state first. */
  states(): string[];
  /** A counter's value in the metrics: `counter('rpc_cross_check_total', 'outcome="agreed"')`. */
  counter(name: string, labels: string): Promise<number>;
  /** All that was logged and measured. */
  told(): Promise<string>;
  stop(): Promise<void>;
};

/** @param eip155ChainId that the pool expects */
export async function startPooledNodes(
  target: string,
  count: number,
  eip155ChainId: number,
  pollIntervalMs = POLL_INTERVAL_MS,
): Promise<PooledNodes> {
  const proxies = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      startNodeProxy(target, { process: 'test', node: String(index + 1) }),
    ),
  );
  const lines: string[] = [];
  const registry = new Registry();
  const pool = createNodePool(
    {
      caip2: `eip155:${eip155ChainId}`,
      eip155ChainId,
      nodes: proxies.map(({ rpcUrl, wsUrl }) => ({ rpcUrl, wsUrl })),
    },
    {
      logger: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }),
      metrics: createNodeMetrics(registry),
      pollIntervalMs,
    },
  );
  return {
    pool,
    node: (number) => required(proxies[number - 1], `Node ${number}`),
    states: () => pool.states().map(({ state }) => state),
    counter: async (name, labels) => {
      const found = (await registry.metrics())
        .split('\n')
        .find((line) => line.startsWith(`${name}{`) && line.includes(labels));
      return found === undefined ? 0 : Number(found.split(' ').at(-1));
    },
    told: async () => [...lines, await registry.metrics()].join('\n'),
    stop: async () => {
      pool.close();
      await Promise.all(proxies.map((proxy) => proxy.stop()));
    },
  };
}

/** Every call of these methods (none: of all) meets this fault; null ends it. */
export function disturb(node: NodeProxy, fault: NodeFault | null, methods?: readonly string[]): void {
  const rule = methods === undefined ? { perMille: 1000 } : { perMille: 1000, methods };
  node.setPlan(fault === null ? null : { seed: 'always', rules: [{ ...rule, fault }] });
}
