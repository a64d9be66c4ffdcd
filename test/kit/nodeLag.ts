import type { Asked } from './nodeLies.ts';

type Fields = Record<string, unknown>;

/** Tags that mean the newest; `safe` and `finalized` are old enough already. */
const NEWEST = ['latest', 'pending'];
/** These take a block as their second parameter, and the newest without it. */
const WITH_OPTIONAL_BLOCK = ['eth_call', 'eth_estimateGas', 'eth_getBalance', 'eth_getTransactionCount'];

/** What a node whose newest block is `head` is asked, when somebody asks it for the newest. */
export function askAsOf(asked: Asked, head: bigint): Asked {
  const block = toHex(head);
  const params = asked.params.map((param) => {
    if (typeof param === 'string' && NEWEST.includes(param)) return block;
    return asked.method === 'eth_getLogs' ? logFilterAsOf(param as Fields, head) : param;
  });
  if (WITH_OPTIONAL_BLOCK.includes(asked.method) && params.length === 1) params.push(block);
  return { method: asked.method, params };
}

/** What that node answers: of blocks after its head it knows nothing, and of their transactions at most that they were sent. */
export function answerAsOf({ method }: Asked, truth: unknown, head: bigint): unknown {
  if (method === 'eth_blockNumber') return toHex(head);
  if (Array.isArray(truth)) {
    if (method === 'eth_getBlockReceipts')
      return truth.some((receipt) => isAfter(receipt, head)) ? null : truth;
    return method === 'eth_getLogs' ? truth.filter((log) => !isAfter(log, head)) : truth;
  }
  if (typeof truth !== 'object' || truth === null || !isAfter(truth, head)) return truth;
  if (method !== 'eth_getTransactionByHash') return null;
  return { ...truth, blockHash: null, blockNumber: null, transactionIndex: null };
}

function logFilterAsOf(filter: Fields, head: bigint): Fields {
  if ('blockHash' in filter) return filter;
  const bounded = (value: unknown): unknown =>
    typeof value !== 'string' || NEWEST.includes(value) || isBeyond(value, head) ? toHex(head) : value;
  // A range that begins after the head is empty: what it finds is taken out of the answer.
  const fromBlock = typeof filter.fromBlock === 'string' ? filter.fromBlock : 'latest';
  return isBeyond(fromBlock, head)
    ? filter
    : { ...filter, fromBlock: bounded(fromBlock), toBlock: bounded(filter.toBlock) };
}

/** Of a block's number, or of what stands in a block. */
function isAfter(entry: unknown, head: bigint): boolean {
  const { number, blockNumber } = entry as Fields;
  return isBeyond(blockNumber ?? number, head);
}

function isBeyond(number: unknown, head: bigint): boolean {
  return typeof number === 'string' && /^0x[0-9a-f]+$/i.test(number) && BigInt(number) > head;
}

function toHex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
