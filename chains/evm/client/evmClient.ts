import { createPublicClient, type HttpTransport, http, type PublicClient } from 'viem';
import { createNodeUrlHider } from './nodeUrlHider.ts';

/** A node that is spoken to over HTTP; `wsUrl` is where it tells of new heads, when it does. */
export type EvmNode = { readonly rpcUrl: string; readonly wsUrl?: string | undefined };

export type EvmClient = PublicClient<HttpTransport>;

const REQUEST_TIMEOUT_MS = 10_000;
const MAX_REQUESTS_PER_HTTP_BATCH = 40;
/** Forty receipts of full chunks are about 8 MB; a block that somebody filled with logs must still be read. */
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

/**
 * A client whose requests of one tick travel as one JSON-RPC batch. It never repeats a request by itself: whoever asks
 * decides what an unanswered request means. Its errors do not hold the node's URL, whose parts may be a key.
 */
export function createEvmClient({ rpcUrl }: EvmNode): EvmClient {
  return createPublicClient({
    transport: withoutUrlInErrors(
      rpcUrl,
      http(rpcUrl, {
        batch: { batchSize: MAX_REQUESTS_PER_HTTP_BATCH },
        retryCount: 0,
        timeout: REQUEST_TIMEOUT_MS,
        maxResponseBodySize: MAX_RESPONSE_BYTES,
      }),
    ),
    // A cached block number is an old one.
    cacheTime: 0,
  });
}

function withoutUrlInErrors(rpcUrl: string, transport: HttpTransport): HttpTransport {
  const hider = createNodeUrlHider(rpcUrl);
  return (options) => {
    const plain = transport(options);
    const request: typeof plain.request = async (...asked) => {
      try {
        return await plain.request(...asked);
      } catch (error) {
        throw hider.hideInError(error);
      }
    };
    return { ...plain, request };
  };
}
