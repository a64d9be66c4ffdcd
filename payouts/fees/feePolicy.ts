/** What a chain's gas may cost. */
export type FeePolicy = {
  /** More than this for a unit of gas is not offered: work waits until the chain is cheaper. */
  readonly maxFeePerGasWei: bigint;
};

export const DEFAULT_FEE_POLICY: FeePolicy = { maxFeePerGasWei: 500_000_000_000n };
