import type { Hash } from 'viem';
import { z } from 'zod';
import type { EvmClient } from './evmClient.ts';
import { logAnswer, NodeAnswerError, parseAnswer, receiptAnswer } from './nodeAnswer.ts';
import type { EvmLog } from './readLogs.ts';

const logsAnswer = z.array(logAnswer);

/**
 * How a transaction ended in a block. `feeUnits` = gasUsed × effectiveGasPrice, and the OP stack's data fee where there is
 * one, in the native asset's base units.
 */
export type EvmReceipt = {
  readonly transactionHash: Hash;
  readonly succeeded: boolean;
  readonly feeUnits: bigint;
  /** Those with a first topic that was asked for. */
  readonly logs: readonly EvmLog[];
};

/**
 * The receipt of a transaction that a block was seen to contain.
 * @param topics first topics of the logs that are wanted; null: all are
 * @throws NodeAnswerError when it is missing or of another block
 */
export async function readReceipt(
  client: EvmClient,
  blockHash: Hash,
  transactionHash: Hash,
  topics: ReadonlySet<string> | null = null,
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
    feeUnits: receiptFee(receipt),
    logs: parseAnswer(
      logsAnswer,
      receipt.logs.filter(({ topics: [first] }) => topics === null || topics.has(first ?? '')),
      'logs of a receipt',
    ),
  };
}

/** What a transaction's sender paid, in the native asset's base units. Arbitrum's gasUsed has its data fee already. */
export function receiptFee(
  receipt: Pick<z.output<typeof receiptAnswer>, 'gasUsed' | 'effectiveGasPrice' | 'l1Fee'>,
): bigint {
  return receipt.gasUsed * receipt.effectiveGasPrice + (receipt.l1Fee ?? 0n);
}
