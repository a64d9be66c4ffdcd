import { RpcRequestError } from 'viem';
import { refusalOf, type SendRefusal } from '../sendRawTransaction.ts';
import type { Turn } from './askInTurn.ts';
import type { JsonRpcRequest } from './jsonRpcHttp.ts';

/** What says most about bytes that no node took: they are in a pool, or something with their nonce is in a block. */
const TELLING: readonly SendRefusal[] = ['ALREADY_KNOWN', 'NONCE_USED'];

/**
 * Sends signed bytes to all nodes at once. Accepted by one is accepted. Otherwise one that did not answer may have taken them
 * all the same, so that it counts for more than those that refused; when all refused, what says most is told.
 * @throws as one node's request
 */
export async function sendToAll(turns: readonly Turn[], asked: JsonRpcRequest): Promise<unknown> {
  const sent = turns.map(({ node, isLastResort }) => node.request(asked, isLastResort));
  try {
    // Those that are still on their way go on by themselves.
    return await Promise.any(sent);
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    throw mostTelling(error.errors);
  }
}

function mostTelling(errors: readonly unknown[]): unknown {
  const isRefusal = (error: unknown) => error instanceof RpcRequestError;
  const unanswered = errors.find((error) => !isRefusal(error));
  if (unanswered !== undefined) return unanswered;
  const means = (reason: SendRefusal) => (error: unknown) =>
    error instanceof RpcRequestError && refusalOf(error.details) === reason;
  for (const reason of TELLING) {
    const found = errors.find(means(reason));
    if (found !== undefined) return found;
  }
  return errors.find((error) => !means('OTHER')(error)) ?? errors[0];
}
