import { type Address, BaseError, type Hex, RpcRequestError } from 'viem';
import type { EvmClient } from '../chains/evm/client/evmClient.ts';
import type { EngineChain } from './payoutEngine.ts';

export type SimulatedCall = {
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
  readonly gasLimit: bigint;
};

/**
 * Runs a transaction on the chain's head without sending it (eth_call). Null when it would succeed as far as one node
 * knows, which is enough for trying; otherwise what two nodes say: then it is not worth a nonce.
 * @throws viem's errors when the nodes do not answer, or disagree
 */
export async function simulate(
  { client, checked }: Pick<EngineChain, 'client' | 'checked'>,
  call: SimulatedCall,
): Promise<string | null> {
  const refusal = await simulateAt(client, call);
  return refusal === null || client === checked ? refusal : simulateAt(checked, call);
}

async function simulateAt(client: EvmClient, call: SimulatedCall): Promise<string | null> {
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
