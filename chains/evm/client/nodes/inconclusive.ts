import { BaseError } from 'viem';
import type { EvmClient } from '../evmClient.ts';

/**
 * Nothing can be concluded from what the nodes say; asking later may. Of viem's class, as errors of nodes are, and neither an
 * answer nor a refusal of one.
 */
export abstract class InconclusiveError extends BaseError {
  readonly retryable = true;
}

/** Two nodes contradict each other, and there is no third that could tell which is right. */
export class NodesDisagreeError extends InconclusiveError {
  override readonly name = 'NodesDisagreeError';
  constructor(method: string, nodes: readonly string[]) {
    super(`Nodes ${nodes.join(' and ')} contradict each other about ${method}: nothing is concluded.`);
  }
}

/** What must be said by two nodes was said by one alone: others could not be asked, or do not know. */
export class TooFewNodesError extends InconclusiveError {
  override readonly name = 'TooFewNodesError';
  constructor(method: string, reason: string) {
    super(`Two nodes must say it, and did not (${method}: ${reason}): nothing is concluded.`);
  }
}

/**
 * What two nodes say alike; one node's word while they cannot be heard or do not agree. For what only steers, such as what to
 * send again or how dearly: nothing may be concluded from it.
 * @throws viem's errors when no node answers
 */
export async function preferChecked<T>(
  { client, checked }: { readonly client: EvmClient; readonly checked: EvmClient },
  read: (client: EvmClient) => Promise<T>,
): Promise<T> {
  try {
    return await read(checked);
  } catch (error) {
    if (client === checked || !(error instanceof BaseError)) throw error;
    if (error.walk((cause) => cause instanceof InconclusiveError) === null) throw error;
    return read(client);
  }
}
