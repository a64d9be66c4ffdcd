import type { DataFeeKind } from '../../chains/evm/client/readDataFee.ts';
import { smallerOf } from '../../core/largerOf.ts';

/**
 * What happens while a chain asks for more than `maxFeePerGas`. WAIT: work is held until it is cheaper. ALERT: the same, and
 * operators are told. ESCALATE: they are told, and after `escalateAfterSeconds` of that `escalatedMaxFeePerGas` may be offered.
 */
export type OnFeeCap = 'WAIT' | 'ALERT' | 'ESCALATE';

/** What a chain's gas may cost. Amounts are wei for a unit of gas. */
export type FeePolicy = {
  /** More than this is not offered, whatever a node says. */
  readonly maxFeePerGas: bigint;
  /** The tip that nodes tell of counts up to here. Only the rules of replacement go above it, and never above the cap. */
  readonly maxPriorityFeePerGas: bigint;
  /** What the chain's nodes let a transaction cost at most, in the native asset's base units; null when they have no cap. */
  readonly maxTransactionFee: bigint | null;
  readonly onCap: OnFeeCap;
  readonly escalateAfterSeconds: number;
  /** Not less than `maxFeePerGas`; used by ESCALATE alone. */
  readonly escalatedMaxFeePerGas: bigint;
  /** What the chain takes besides gas, for publishing a transaction on the chain below it. */
  readonly dataFee: DataFeeKind;
};

const WEI_PER_GWEI = 1_000_000_000n;

/** The policy of a chain whose configuration names none. */
export const DEFAULT_FEE_POLICY: FeePolicy = {
  maxFeePerGas: 500n * WEI_PER_GWEI,
  maxPriorityFeePerGas: 3n * WEI_PER_GWEI,
  maxTransactionFee: null,
  onCap: 'ALERT',
  escalateAfterSeconds: 1_800,
  escalatedMaxFeePerGas: 1_000n * WEI_PER_GWEI,
  dataFee: 'NONE',
};

/** The bounds of one offer. */
export type FeeLimits = Pick<FeePolicy, 'maxFeePerGas' | 'maxPriorityFeePerGas'>;

/** The bounds of all offers on a chain at a moment. */
export type ChainLimits = FeeLimits & Pick<FeePolicy, 'maxTransactionFee'>;

/** The bounds for a transaction of so much gas. */
export function limitsFor({ maxTransactionFee, ...limits }: ChainLimits, gas: bigint): FeeLimits {
  if (maxTransactionFee === null) return limits;
  return { ...limits, maxFeePerGas: smallerOf(limits.maxFeePerGas, maxTransactionFee / gas) };
}

/** The bounds once the policy has escalated. */
export function escalatedLimits(policy: FeePolicy): ChainLimits {
  const { escalatedMaxFeePerGas, maxPriorityFeePerGas, maxTransactionFee } = policy;
  return { maxFeePerGas: escalatedMaxFeePerGas, maxPriorityFeePerGas, maxTransactionFee };
}
