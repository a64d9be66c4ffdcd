import { HttpRequestError, BaseError as NodeError, TimeoutError } from 'viem';

/**
 * What the node answered but could not say is UNKNOWN: its state is gone, or the contract does not answer as it should.
 * @throws viem's errors when the node does not answer at all
 */
export async function orUnknown<T>(answer: Promise<T>): Promise<T | 'UNKNOWN'> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    if (error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError) !== null) {
      throw error;
    }
    return 'UNKNOWN';
  }
}
