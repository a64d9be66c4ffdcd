import { type Address, BaseError, type Hex, RpcRequestError } from 'viem';
import type { EvmClient } from '../chains/evm/client/evmClient.ts';

export type SimulatedCall = {
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
  readonly gasLimit: bigint;
};

/**
 * Runs a transaction on the node's head without sending it (eth_call). Null when it would succeed, otherwise what the
 * node says: then it is not worth a nonce.
 * @throws viem's errors when the node does not answer
 */
export async function simulate(client: EvmClient, call: SimulatedCall): Promise<string | null> {
  try {
    await client.call({ account: call.from, to: call.to, data: call.data, gas: call.gasLimit });
    return null;
  } catch (error) {
    if (!(error instanceof BaseError)) throw error;
    const answer = error.walk((cause) => cause instanceof RpcRequestError);
    if (answer instanceof RpcRequestError) return answer.details;
    throw error;
  }
}
