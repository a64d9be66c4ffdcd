import type { JsonRpcRequest } from './jsonRpcHttp.ts';
import { blockHashOf, paramsOf } from './question.ts';

/**
 * Asks a node for the logs of a block and, in the same HTTP request, for the block: some nodes answer with no logs for a block
 * that they do not have yet. Null where that may be so: the node has then said nothing.
 * @param request of that node
 * @throws as `request`
 */
export async function askLogs(
  request: (asked: JsonRpcRequest) => Promise<unknown>,
  asked: JsonRpcRequest,
): Promise<unknown> {
  const [filter] = paramsOf(asked.params);
  const blockHash = blockHashOf(filter);
  if (blockHash === null) return request(asked);
  const [block, logs] = await Promise.all([
    request({ method: 'eth_getBlockByHash', params: [blockHash, false] }),
    request(asked),
  ]);
  const isEmpty = Array.isArray(logs) && logs.length === 0;
  return isEmpty && blockHashOf(block) !== blockHash ? null : logs;
}
