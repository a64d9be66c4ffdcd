import type { EvmClient } from './evmClient.ts';
import { NodeAnswerError } from './nodeAnswer.ts';

/** EIP-1559 fees of one unit of gas, in the native asset's base units. */
export type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/** What a chain asks for at the moment, as one node tells it: nothing here is bounded yet. */
export type MarketFees = {
  /** The newest block that the node has. */
  readonly headNumber: bigint;
  /** The block after it asks for this. */
  readonly nextBaseFeePerGas: bigint;
  /** What recent blocks took on top. */
  readonly priorityFeePerGas: bigint;
};

const HISTORY_BLOCKS = 10;
/** A little more than half of a block's gas paid: enough for one of the next blocks, without outbidding anybody. */
const REWARD_PERCENTILE = 60;
/** geth's own default for what it puts into a block (miner.gasprice). Quiet chains' empty blocks would say 0. */
const LEAST_PRIORITY_FEE_PER_GAS_WEI = 1_000_000n;

/**
 * Reads eth_feeHistory: one answer has the next block's base fee, exactly, and the tips that blocks did take.
 * eth_maxPriorityFeePerGas is each node's own opinion instead, made by rules that differ from node to node and that nobody
 * can check.
 * @throws NodeAnswerError, viem's errors when the node does not answer
 */
export async function readMarketFees(client: EvmClient): Promise<MarketFees> {
  const [head, history] = await Promise.all([
    client.getBlock({ blockTag: 'latest' }),
    client.getFeeHistory({
      blockCount: HISTORY_BLOCKS,
      rewardPercentiles: [REWARD_PERCENTILE],
      blockTag: 'latest',
    }),
  ]);
  const nextBaseFeePerGas = history.baseFeePerGas.at(-1);
  if (nextBaseFeePerGas === undefined || nextBaseFeePerGas < 0n) {
    throw new NodeAnswerError("The node's fee history is malformed.");
  }
  const tips = (history.reward ?? []).flatMap(([tip], index) =>
    tip === undefined || (history.gasUsedRatio[index] ?? 0) === 0 ? [] : [tip],
  );
  return {
    // Not from the history: a node may leave blocks out of it that it does not remember.
    headNumber: head.number,
    nextBaseFeePerGas,
    priorityFeePerGas: larger(medianOf(tips), LEAST_PRIORITY_FEE_PER_GAS_WEI),
  };
}

function medianOf(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((left, right) => (left < right ? -1 : Number(left > right)));
  return sorted[Math.floor(sorted.length / 2)] ?? 0n;
}

function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}
