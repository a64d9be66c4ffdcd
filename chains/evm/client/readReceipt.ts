import type { Hash } from 'viem';
import type { EvmClient } from './evmClient.ts';
import { NodeAnswerError, parseAnswer, receiptAnswer } from './nodeAnswer.ts';
import type { EvmLog } from './readLogs.ts';

/**
 * How a transaction ended in a block. `feeUnits` = gasUsed × effectiveGasPrice, and the OP stack's data fee where there is
 * one, in the native asset's base units.
 */
export type EvmReceipt = {
  readonly transactionHash: Hash;
  readonly succeeded: boolean;
  readonly feeUnits: bigint;
  readonly logs: readonly EvmLog[];
};

/**
 * The receipt of a transaction that a block was seen to contain.
 * @throws NodeAnswerError when it is missing or of another block
 */
export async function readReceipt(
  client: EvmClient,
  blockHash: Hash,
  transactionHash: Hash,
): Promise<EvmReceipt> {
  const answer = await client.request({ method: 'eth_getTransactionReceipt', params: [transactionHash] });
  const receipt = parseAnswer(receiptAnswer, answer, 'receipt');
  if (receipt.transactionHash !== transactionHash || receipt.blockHash !== blockHash) {
    throw new NodeAnswerError('The node answered with a receipt of another block or transaction.', {
      transactionHash,
      blockHash,
      answered: receipt.blockHash,
    });
  }
  return {
    transactionHash,
    succeeded: receipt.status === '0x1',
    feeUnits: receipt.gasUsed * receipt.effectiveGasPrice + (receipt.l1Fee ?? 0n),
    logs: receipt.logs,
  };
}
