import type { Address, Hash, Hex } from 'viem';
import { z } from 'zod';
import type { EvmClient } from './evmClient.ts';
import { logAnswer, NodeAnswerError, parseAnswer } from './nodeAnswer.ts';
import type { EvmBlock } from './readBlock.ts';

/** A log of one block. `address` in lower case. */
export type EvmLog = {
  readonly address: Address;
  readonly topics: readonly Hash[];
  readonly data: Hex;
  readonly transactionHash: Hash;
  readonly logIndex: number;
};

/** As eth_getLogs takes it: each position one topic or several alternatives; null matches any. */
export type LogFilter = {
  readonly addresses?: readonly Address[];
  readonly topics: readonly (Hash | readonly Hash[] | null)[];
};

const logsAnswer = z.array(logAnswer);

/**
 * The logs of exactly this block that match. Asked for by the block's hash, and refused unless each says that it is of
 * this block, of one of its transactions, and matches what was asked.
 * @throws NodeAnswerError
 */
export async function readLogs(client: EvmClient, block: EvmBlock, filter: LogFilter): Promise<EvmLog[]> {
  const answer = await client.request({
    method: 'eth_getLogs',
    params: [
      {
        blockHash: block.hash,
        topics: filter.topics.map((topic) =>
          typeof topic === 'string' || topic === null ? topic : [...topic],
        ),
        ...(filter.addresses === undefined ? {} : { address: [...filter.addresses] }),
      },
    ],
  });
  const logs = parseAnswer(logsAnswer, answer, 'logs');
  const transactions = new Set(block.transactions.map((transaction) => transaction.hash));
  const seen = new Set<number>();
  for (const log of logs) {
    if (
      log.blockHash !== block.hash ||
      !transactions.has(log.transactionHash) ||
      seen.has(log.logIndex) ||
      !matches(log, filter)
    ) {
      throw new NodeAnswerError('The node answered with a log that is not of this block or not asked for.', {
        block: block.hash,
        answered: log.blockHash,
        logIndex: log.logIndex,
      });
    }
    seen.add(log.logIndex);
  }
  return logs;
}

function matches(log: EvmLog, filter: LogFilter): boolean {
  const addressed =
    filter.addresses === undefined ||
    filter.addresses.some((address) => address.toLowerCase() === log.address);
  return (
    addressed &&
    filter.topics.every((wanted, position) => {
      const topic = log.topics[position];
      if (wanted === null) return true;
      return topic !== undefined && (typeof wanted === 'string' ? wanted === topic : wanted.includes(topic));
    })
  );
}
