import type { Registry } from 'prom-client';
import { createNodeMetrics } from '../chains/evm/client/nodes/nodeMetrics.ts';
import { createNodePool, type NodePool } from '../chains/evm/client/nodes/nodePool.ts';
import type { RegisteredChain } from './loadChains.ts';
import type { Logger } from './logger.ts';

/** The nodes of each chain, as all roles of a process share them: what one learns of a node, the others know. */
export type NodePools = {
  /** Made when it is asked for first: an API asks no node. */
  of(chain: RegisteredChain): NodePool;
  close(): void;
};

export function createNodePools(logger: Logger, registry: Registry): NodePools {
  const metrics = createNodeMetrics(registry);
  const pools = new Map<string, NodePool>();
  return {
    of: ({ caip2, eip155ChainId, config }) => {
      const known = pools.get(caip2);
      if (known !== undefined) return known;
      const pool = createNodePool({ caip2, eip155ChainId, nodes: config.nodes }, { logger, metrics });
      pools.set(caip2, pool);
      return pool;
    },
    close: () => {
      for (const pool of pools.values()) pool.close();
    },
  };
}
