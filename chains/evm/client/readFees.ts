import type { EvmClient } from './evmClient.ts';

/** EIP-1559 fees of one unit of gas, in the native asset's base units. */
export type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/** The base fee rises by at most an eighth a block: doubled, it lasts for six full blocks. */
const BASE_FEE_MULTIPLIER = 2n;

/** What a transaction signed now should offer. @throws viem's errors when the node does not answer */
export async function readFees(client: EvmClient): Promise<Fees> {
  const [block, maxPriorityFeePerGas] = await Promise.all([
    client.getBlock({ blockTag: 'latest' }),
    client.estimateMaxPriorityFeePerGas(),
  ]);
  const baseFee = block.baseFeePerGas ?? 0n;
  return { maxFeePerGas: baseFee * BASE_FEE_MULTIPLIER + maxPriorityFeePerGas, maxPriorityFeePerGas };
}
