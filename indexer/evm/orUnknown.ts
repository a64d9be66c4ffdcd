import { BaseError as NodeError } from 'viem';
import { InconclusiveError } from '../../chains/evm/client/nodes/inconclusive.ts';
import { isUnanswered } from '../../chains/evm/client/nodes/nodeErrors.ts';

/**
 * What the node answered but could not say is UNKNOWN: its state is gone, or the contract does not answer as it should.
 * @throws viem's errors when the node does not answer at all; InconclusiveError when two do not say the same
 */
export async function orUnknown<T>(answer: Promise<T>): Promise<T | 'UNKNOWN'> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    if (error.walk((cause) => isUnanswered(cause) || cause instanceof InconclusiveError) !== null)
      throw error;
    return 'UNKNOWN';
  }
}
