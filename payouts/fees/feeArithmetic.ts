import type { Fees, MarketFees } from '../../chains/evm/client/readFees.ts';
import { largerOf, smallerOf } from '../../core/largerOf.ts';
import type { FeeLimits } from './feePolicy.ts';

// Pure: what is offered for a unit of gas, in wei. The node's words are bounded here and nowhere else.

/** The base fee rises by at most an eighth a block: doubled, it lasts for six full blocks. */
const BASE_FEE_MULTIPLIER = 2n;

/**
 * A replacement offers an eighth more of both fees. Pools ask for a tenth (geth, erigon, reth, nethermind, besu); one that
 * rounds, or asks for an eighth, is content too.
 */
const RAISE_NUMERATOR = 9n;
const RAISE_DENOMINATOR = 8n;

export type Market = Pick<MarketFees, 'nextBaseFeePerGas' | 'priorityFeePerGas'>;

/**
 * What a new transaction offers: enough for the next blocks, never more than the limits.
 * @returns null when the next block asks for more than may be offered
 */
export function offerFor(market: Market, limits: FeeLimits): Fees | null {
  const { nextBaseFeePerGas } = market;
  const tip = smallerOf(market.priorityFeePerGas, limits.maxPriorityFeePerGas);
  if (nextBaseFeePerGas + tip > limits.maxFeePerGas) return null;
  return {
    maxFeePerGas: smallerOf(nextBaseFeePerGas * BASE_FEE_MULTIPLIER + tip, limits.maxFeePerGas),
    maxPriorityFeePerGas: tip,
  };
}

/** The least that pools accept in the place of a transaction that offers so much. */
export function leastReplacement(held: Fees): Fees {
  return {
    maxFeePerGas: anEighthMore(held.maxFeePerGas),
    maxPriorityFeePerGas: anEighthMore(held.maxPriorityFeePerGas),
  };
}

/** The limits on a nonce whose nodes refused an offer as more than they let anybody offer: an eighth less, so that it ends. */
export function limitsBelow(refused: readonly Fees[], limits: FeeLimits): FeeLimits {
  const maxFeePerGas = refused
    .map((offer) => (offer.maxFeePerGas * (RAISE_DENOMINATOR - 1n)) / RAISE_DENOMINATOR)
    .reduce(smallerOf, limits.maxFeePerGas);
  return { ...limits, maxFeePerGas };
}

/**
 * What takes the place of such an offer: what lasts for one full block, or what a pool asks for that may hold another
 * with this nonce.
 * @param held the most that pools may hold with it; null for nothing
 * @param limits as limitsBelow says
 * @returns null while the chain, or the pool, asks for too much for that
 */
export function loweredOffer(held: Fees | null, market: Market, limits: FeeLimits): Fees | null {
  const tip = smallerOf(market.priorityFeePerGas, limits.maxPriorityFeePerGas);
  const wanted = { maxFeePerGas: anEighthMore(market.nextBaseFeePerGas) + tip, maxPriorityFeePerGas: tip };
  const lowered = held === null ? wanted : mostOffered([wanted, leastReplacement(held)]);
  return lowered.maxFeePerGas <= limits.maxFeePerGas ? lowered : null;
}

/**
 * How far a replacement goes. EIGHTH: what pools ask for. DOUBLE: they hold something dearer that nobody here knows. LAST: the
 * same, and the whole cap, since no other follows.
 */
export type Raise = 'EIGHTH' | 'DOUBLE' | 'LAST';

/**
 * What a replacement offers: what pools ask for, or what a new transaction would offer, whichever is more of each. The
 * tip that the rule asks for may be more than a new transaction's may: it comes from what we offered, not from a node.
 * @param held the most that any transaction with this nonce has offered: the pool may hold that one
 * @returns null when that is more than may be offered, or would not be enough for the next block
 */
export function raisedOffer(held: Fees, market: Market, limits: FeeLimits, raise: Raise): Fees | null {
  const offer = offerFor(market, limits);
  if (offer === null) return null;
  const least = leastReplacement(held);
  if (least.maxFeePerGas > limits.maxFeePerGas) return null;
  const wanted = wantedFees(held, offer, limits, raise);
  const maxFeePerGas = largerOf(least.maxFeePerGas, smallerOf(wanted.maxFeePerGas, limits.maxFeePerGas));
  // EIP-1559: no tip above the whole.
  const tip = smallerOf(wanted.maxPriorityFeePerGas, limits.maxPriorityFeePerGas);
  return { maxFeePerGas, maxPriorityFeePerGas: largerOf(least.maxPriorityFeePerGas, tip) };
}

function wantedFees(held: Fees, offer: Fees, limits: FeeLimits, raise: Raise): Fees {
  if (raise === 'EIGHTH') return offer;
  const doubled = {
    maxFeePerGas: held.maxFeePerGas * 2n,
    maxPriorityFeePerGas: held.maxPriorityFeePerGas * 2n,
  };
  const wanted = mostOffered([offer, doubled]);
  // The whole is charged only as far as the base fee asks for it; the tip always.
  return raise === 'LAST' ? { ...wanted, maxFeePerGas: limits.maxFeePerGas } : wanted;
}

/** The most of each that several transactions with one nonce have offered. */
export function mostOffered(offers: readonly Fees[]): Fees {
  return offers.reduce<Fees>(
    (most, offer) => ({
      maxFeePerGas: largerOf(most.maxFeePerGas, offer.maxFeePerGas),
      maxPriorityFeePerGas: largerOf(most.maxPriorityFeePerGas, offer.maxPriorityFeePerGas),
    }),
    { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
  );
}

/** An eighth more, rounded up, and more in any case. */
function anEighthMore(fee: bigint): bigint {
  const raised = (fee * RAISE_NUMERATOR + RAISE_DENOMINATOR - 1n) / RAISE_DENOMINATOR;
  return largerOf(raised, fee + 1n);
}
