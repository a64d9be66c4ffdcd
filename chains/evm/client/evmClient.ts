import { createPublicClient, custom, type PublicClient } from 'viem';
import { createJsonRpcHttp, type JsonRpcRequest } from './nodes/jsonRpcHttp.ts';

/** A node that is spoken to over HTTP; `wsUrl` is where it tells of new heads, when it does. */
export type EvmNode = { readonly rpcUrl: string; readonly wsUrl?: string | undefined };

export type EvmClient = PublicClient;

/**
 * A client of one node, whose requests of one tick travel as one JSON-RPC batch. Its errors do not hold the node's URL,
 * whose parts may be a key. Of a chain with several nodes, a pool has the clients: nodes/nodePool.ts.
 */
export function createEvmClient({ rpcUrl }: EvmNode): EvmClient {
  return evmClientOf(createJsonRpcHttp(rpcUrl).request);
}

/** A client that never repeats a request by itself: whoever asks decides what an unanswered request means. */
export function evmClientOf(request: (asked: JsonRpcRequest) => Promise<unknown>): EvmClient {
  return createPublicClient({
    transport: custom({ request }, { retryCount: 0 }),
    // A cached block number is an old one.
    cacheTime: 0,
  });
}
