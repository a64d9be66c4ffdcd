import { numberToHex } from 'viem';
import type { EvmClient } from './evmClient.ts';
import { feeHistoryAnswer, parseAnswer } from './nodeAnswer.ts';
import { preferChecked } from './nodes/inconclusive.ts';
import { tipOf } from './tipOf.ts';

/** EIP-1559 fees of one unit of gas, in the native asset's base units. */
export type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/** What a chain asks for at the moment. The policy's bounds are not applied yet. */
export type MarketFees = {
  /** The newest block. */
  readonly headNumber: bigint;
  /** The block after it asks for this. */
  readonly nextBaseFeePerGas: bigint;
  /** What recent blocks took on top. */
  readonly priorityFeePerGas: bigint;
};

const HISTORY_BLOCKS = 10;
/** A little more than half of a block's gas paid: enough for one of the next blocks, without outbidding anybody. */
const REWARD_PERCENTILE = 60;
/** A base fee moves by at most an eighth a block; who tells of the next one may be some blocks further than two nodes are. */
const DRIFT_NUMERATOR = 3n;
const DRIFT_DENOMINATOR = 2n;

/**
 * Reads eth_feeHistory: one answer has the next block's base fee, exactly, and the tips that blocks did take. The base fee
 * counts as far as it is near to the newest block's, which two nodes tell; the tip is the lower of two nodes'.
 * eth_maxPriorityFeePerGas is each node's own opinion instead, made by rules that differ from node to node and that nobody
 * can check.
 * @throws NodeAnswerError, viem's errors when no node answers
 */
export async function readMarketFees(nodes: {
  readonly client: EvmClient;
  readonly checked: EvmClient;
}): Promise<MarketFees> {
  const [head, answer] = await Promise.all([
    preferChecked(nodes, (client) => client.getBlock({ blockTag: 'latest' })),
    nodes.checked.request({
      method: 'eth_feeHistory',
      params: [numberToHex(HISTORY_BLOCKS), 'latest', [REWARD_PERCENTILE]],
    }),
  ]);
  const history = parseAnswer(feeHistoryAnswer, answer, 'fee history');
  return {
    // Not from the history: a node may leave blocks out of it that it does not remember.
    headNumber: head.number,
    nextBaseFeePerGas: nearTo(head.baseFeePerGas, history.baseFeePerGas.at(-1) ?? 0n),
    priorityFeePerGas: tipOf(history),
  };
}

/** @param base of the newest block; null before EIP-1559 */
function nearTo(base: bigint | null, told: bigint): bigint {
  if (base === null) return told;
  const least = (base * DRIFT_DENOMINATOR) / DRIFT_NUMERATOR;
  const most = (base * DRIFT_NUMERATOR) / DRIFT_DENOMINATOR + 1n;
  if (told < least) return least;
  return told > most ? most : told;
}
