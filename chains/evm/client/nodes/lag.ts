import type { NodeHead, PoolNode } from './poolNode.ts';

/** A head so many blocks behind, and at least so many seconds, lags; or one so many seconds behind, however few blocks. */
const MAX_LAG_BLOCKS = 5n;
const MIN_LAG_SECONDS = 2n;
const MAX_LAG_SECONDS = 30n;
/** Who lags is well again when it is not more than so many blocks behind. */
const CAUGHT_UP_BLOCKS = 1n;

/**
 * Compares the heads of a chain's nodes and notes who lags. Of three and more the second highest is the measure: one node
 * alone cannot say that all others lag. Of two it is the higher one.
 */
export function noteLags(nodes: readonly PoolNode[]): void {
  const heads = nodes
    .filter((node) => node.state().state !== 'LYING' && node.state().state !== 'WRONG_CHAIN')
    .flatMap((node) => (node.head === null ? [] : [node.head]))
    .toSorted((a, b) => Number(b.number - a.number));
  const measure = heads[heads.length > 2 ? 1 : 0];
  if (measure === undefined) return;
  for (const node of nodes) {
    if (node.head === null) continue;
    const isLagging = node.state().state === 'LAGGING';
    node.noteLag(lagOf(node.head, measure, isLagging));
  }
}

function lagOf(head: NodeHead, measure: NodeHead, isLagging: boolean): string | null {
  const blocks = measure.number - head.number;
  const seconds = measure.timestamp - head.timestamp;
  const isBehind =
    blocks > 0n &&
    ((blocks > MAX_LAG_BLOCKS && seconds >= MIN_LAG_SECONDS) ||
      seconds > MAX_LAG_SECONDS ||
      (isLagging && blocks > CAUGHT_UP_BLOCKS));
  return isBehind ? `it is ${blocks} blocks and ${seconds} s behind` : null;
}
