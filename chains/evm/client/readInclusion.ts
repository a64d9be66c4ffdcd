import type { Hash } from 'viem';
import type { EvmClient } from './evmClient.ts';
import { inclusionAnswer, parseAnswer } from './nodeAnswer.ts';

/** The number of the block that has a transaction now; null when none has. */
export async function readInclusion(client: EvmClient, transactionHash: Hash): Promise<bigint | null> {
  const answer = await client.request({ method: 'eth_getTransactionReceipt', params: [transactionHash] });
  return answer === null ? null : parseAnswer(inclusionAnswer, answer, 'receipt').blockNumber;
}
