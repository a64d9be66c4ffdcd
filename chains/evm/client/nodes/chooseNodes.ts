import { HttpRequestError } from 'viem';
import { NO_URL } from '../nodeUrlHider.ts';
import type { Turn } from './askInTurn.ts';
import type { PoolNode } from './poolNode.ts';

/** A node is left for a faster one only when that costs less than this share, and so many ms less. */
const MUCH_BETTER = 0.5;
const MUCH_BETTER_MS = 50;

/** Whom to ask, and in which order. Whoever was chosen stays the first while it is well: the head does not jump between nodes. */
export class NodeChoice {
  readonly #nodes: readonly PoolNode[];
  #current: PoolNode | null = null;

  constructor(nodes: readonly PoolNode[]) {
    this.#nodes = nodes;
  }

  /** The healthy, cheapest first; those that lag, the furthest first; at last those that fail. */
  turns(): Turn[] {
    const now = Date.now();
    const inState = Map.groupBy(this.#nodes, (node) => node.state(now).state);
    const healthy = this.#keepCurrent((inState.get('HEALTHY') ?? []).toSorted((a, b) => a.cost - b.cost));
    const lagging = (inState.get('LAGGING') ?? []).toSorted((a, b) => compareHeads(b, a));
    const failing = inState.get('FAILING') ?? [];
    return [
      ...[...healthy, ...lagging].map((node) => ({ node, isLastResort: false })),
      ...failing.map((node) => ({ node, isLastResort: true })),
    ];
  }

  #keepCurrent(healthy: readonly PoolNode[]): readonly PoolNode[] {
    const [best] = healthy;
    const current = this.#current;
    const stays =
      current !== null &&
      best !== undefined &&
      healthy.includes(current) &&
      !(best.cost < current.cost * MUCH_BETTER && best.cost < current.cost - MUCH_BETTER_MS);
    if (!stays) this.#current = best ?? null;
    const first = this.#current;
    if (first === null) return healthy;
    // When it breaks, the one that is as far as it is comes next.
    const others = healthy.filter((node) => node !== first).toSorted((a, b) => compareHeads(b, a));
    return [first, ...others];
  }

  /** Why nobody can be asked. */
  nobody(): HttpRequestError {
    const states = this.#nodes.map((node) => `${node.label} ${node.state().state}`);
    return new HttpRequestError({ url: NO_URL, details: `no node can be asked now: ${states.join(', ')}` });
  }
}

function compareHeads(a: PoolNode, b: PoolNode): number {
  return Number((a.head?.number ?? 0n) - (b.head?.number ?? 0n));
}
