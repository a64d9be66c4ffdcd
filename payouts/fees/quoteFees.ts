import { sql } from 'kysely';
import { type DataFee, readDataFee } from '../../chains/evm/client/readDataFee.ts';
import { type Fees, type MarketFees, readMarketFees } from '../../chains/evm/client/readFees.ts';
import { MAX_CALLDATA_BYTES, MAX_TRANSACTION_GAS } from '../../chains/evm/codec/payoutGas.ts';
import { BaseError } from '../../core/errors.ts';
import { chainOf, type PayoutEngine } from '../payoutEngine.ts';
import type { LaneChain } from '../relayer/laneChain.ts';
import { offerFor } from './feeArithmetic.ts';
import { type ChainLimits, escalatedLimits, type FeeLimits, type FeePolicy, limitsFor } from './feePolicy.ts';

/** What a transaction signed now offers, and what that was made from. */
export type FeeQuote = {
  readonly fees: Fees;
  readonly market: MarketFees;
  /** The bounds that hold at this moment. */
  readonly limits: ChainLimits;
  readonly dataFee: DataFee;
};

/** The chain asks more for gas than the engine may offer. */
export class FeesTooHighError extends BaseError {
  override readonly name = 'FeesTooHighError';
  constructor({ nextBaseFeePerGas, priorityFeePerGas }: MarketFees, { maxFeePerGas }: FeeLimits) {
    super(
      'FEES_TOO_HIGH',
      'Gas costs more at the moment than may be offered; work goes on when it is cheaper.',
      { retryable: true, details: { nextBaseFeePerGas, priorityFeePerGas, maxFeePerGas } },
    );
  }
}

/**
 * What new transactions on a chain offer now: within the chain's policy, whatever the node says.
 * @param gasLimit of the largest transaction that is to be signed
 * @throws FeesTooHighError when the next block asks for more, NodeAnswerError, viem's errors
 */
export async function quoteFees(
  engine: PayoutEngine,
  chain: LaneChain,
  gasLimit = MAX_TRANSACTION_GAS,
): Promise<FeeQuote> {
  const nodes = chainOf(engine, chain.eip155ChainId);
  const { checked, fees: policy } = nodes;
  const [market, dataFee] = await Promise.all([readMarketFees(nodes), readDataFee(checked, policy.dataFee)]);
  const limits = await limitsNow(engine, chain, policy, market);
  const bounds = limitsFor(limits, gasWithData({ dataFee }, gasLimit, MAX_CALLDATA_BYTES));
  const fees = offerFor(market, bounds);
  if (fees === null) throw new FeesTooHighError(market, bounds);
  return { fees, market, limits, dataFee };
}

/** The limits of a policy, or those it has escalated to: the database knows since when the first cap is reached. */
export async function limitsNow(
  engine: PayoutEngine,
  chain: LaneChain,
  policy: FeePolicy,
  market: MarketFees,
): Promise<ChainLimits> {
  if (policy.onCap !== 'ESCALATE' || offerFor(market, policy) !== null) return policy;
  const escalated = await engine.log.database
    .selectFrom('chainFee')
    .select('chainId')
    .where('chainId', '=', chain.id)
    .where(
      'capReachedAt',
      '<=',
      sql<Date>`clock_timestamp() - ${policy.escalateAfterSeconds} * interval '1 s'`,
    )
    .executeTakeFirst();
  return escalated === undefined ? policy : escalatedLimits(policy);
}

/** Of a signed transaction, besides its calldata: rather more than nonce, fees, recipient and signature take. */
const ENVELOPE_BYTES = 160;

/** Gas that a transaction is given: its own, and what the chain takes out of it for publishing its calldata. */
export function gasWithData(
  { dataFee }: Pick<FeeQuote, 'dataFee'>,
  gasLimit: bigint,
  calldataBytes: number,
): bigint {
  return gasLimit + dataFee.gasPerByte * BigInt(ENVELOPE_BYTES + calldataBytes);
}

/** Whether nodes let a transaction of so much gas, and of the longest calldata, offer as much as was quoted for a smaller one. */
export function mayOffer(quote: FeeQuote, gasLimit: bigint): boolean {
  const bounds = limitsFor(quote.limits, gasWithData(quote, gasLimit, MAX_CALLDATA_BYTES));
  return quote.fees.maxFeePerGas <= bounds.maxFeePerGas;
}

/** The most that transactions can cost their relayer, in the native asset's base units, each as long as the longest. */
export function mostCost({ fees, dataFee }: FeeQuote, gasLimit: bigint, transactionCount = 1): bigint {
  const byteCount = BigInt(transactionCount * (ENVELOPE_BYTES + MAX_CALLDATA_BYTES));
  return (gasLimit + dataFee.gasPerByte * byteCount) * fees.maxFeePerGas + dataFee.unitsPerByte * byteCount;
}
