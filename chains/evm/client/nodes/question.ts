import type { JsonRpcRequest } from './jsonRpcHttp.ts';

/**
 * SEND: goes to all nodes. OPINION: each node may say something else and be right (its pool): nothing is concluded from it, one
 * is asked. FEES: an opinion, too, but a high one costs money: two are asked. HEAD: the newest block, or the newest final one. STATE: of an address, at a block. FACT: all else.
 */
export type QuestionKind = 'SEND' | 'OPINION' | 'FEES' | 'HEAD' | 'STATE' | 'FACT';

const OPINIONS: ReadonlySet<string> = new Set([
  ...['eth_gasPrice', 'eth_maxPriorityFeePerGas', 'eth_blobBaseFee'],
  // How much gas is enough, each client finds out in its own way.
  ...[
    'eth_estimateGas',
    'eth_fillTransaction',
    'eth_createAccessList',
    'net_version',
    'net_listening',
    'net_peerCount',
  ],
  ...['eth_syncing', 'web3_clientVersion'],
]);

/** Where the block stands among a method's parameters. */
const BLOCK_POSITION: ReadonlyMap<string, number> = new Map([
  ['eth_call', 1],
  ['eth_getBalance', 1],
  ['eth_getCode', 1],
  ['eth_getTransactionCount', 1],
  ['eth_getStorageAt', 2],
  ['eth_getProof', 2],
]);

export function kindOfQuestion({ method, params }: JsonRpcRequest): QuestionKind {
  if (method === 'eth_sendRawTransaction') return 'SEND';
  if (method === 'eth_feeHistory') return 'FEES';
  if (OPINIONS.has(method) || /^(txpool|anvil|evm|debug|hardhat)_/.test(method)) return 'OPINION';
  const [first] = paramsOf(params);
  if (method === 'eth_blockNumber') return 'HEAD';
  if (method === 'eth_getBlockByNumber' && typeof first === 'string') {
    if (first === 'pending') return 'OPINION';
    return first.startsWith('0x') || first === 'earliest' ? 'FACT' : 'HEAD';
  }
  if (!BLOCK_POSITION.has(method)) return 'FACT';
  return blockOf({ method, params }) === 'pending' ? 'OPINION' : 'STATE';
}

/** The block that a STATE question names: a tag, a number, or what names a hash. */
export function blockOf({ method, params }: JsonRpcRequest): unknown {
  return paramsOf(params)[BLOCK_POSITION.get(method) ?? 0] ?? 'latest';
}

/** The same STATE question at the block of a hash (EIP-1898): there, honest nodes can only say the same. */
export function atBlock(asked: JsonRpcRequest, blockHash: unknown): JsonRpcRequest {
  const params = [...paramsOf(asked.params)];
  params[BLOCK_POSITION.get(asked.method) ?? 0] = { blockHash };
  return { method: asked.method, params };
}

/** Whether the answer can only be one, whatever branch a node is on: it was asked for by a block's hash. */
export function isByBlockHash({ method, params }: JsonRpcRequest): boolean {
  if (method === 'eth_chainId' || method === 'eth_getBlockByHash') return true;
  const named = method === 'eth_getLogs' ? paramsOf(params)[0] : blockOf({ method, params });
  return typeof named === 'object' && named !== null && 'blockHash' in named;
}

/** The hash of the block that an answer is of, or is; null where it does not tell. */
export function blockHashOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null) return null;
  if ('blockHash' in answer) return typeof answer.blockHash === 'string' ? answer.blockHash : null;
  return 'hash' in answer && typeof answer.hash === 'string' ? answer.hash : null;
}

export function paramsOf(params: unknown): readonly unknown[] {
  return Array.isArray(params) ? params : [];
}
