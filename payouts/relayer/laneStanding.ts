import type { Address } from 'viem';
import type { RelayerLaneState } from '../../prisma/generated/database.ts';

/** The oldest transaction waits so long: whatever holds it up holds up all that is behind it. */
export const STUCK_AFTER_MS = 120_000;
/** So long after somebody else's use of a key was seen, its lane is passed over while another can serve. */
export const SHUN_AFTER_USE_ELSEWHERE_MS = 600_000;

/** How a lane stands; `reason` is for operators, null when all is well. */
export type LaneStanding = { readonly state: RelayerLaneState; readonly reason: string | null };

export const ACTIVE: LaneStanding = { state: 'ACTIVE', reason: null };

/** What is known of a lane at a moment. Amounts are base units of the native asset. */
export type LaneFindings = {
  readonly balance: bigint;
  /** The most that what is under way can cost. */
  readonly promisedUnits: bigint;
  /** The most that the next transaction can cost. */
  readonly nextUnits: bigint;
  /** Whose code the key's account runs (EIP-7702); null when it runs none. */
  readonly delegatedTo: Address | null;
  /** Its first version's age counts: raising a fee does not make it younger. */
  readonly oldest: { readonly nonce: bigint; readonly waitsMs: number } | null;
  /** Null when nobody else's use of the key was ever seen. */
  readonly usedElsewhereMsAgo: number | null;
};

/** What a lane's state is; of several troubles the one that keeps most from being done. */
export function laneStanding(findings: LaneFindings): LaneStanding {
  const { balance, promisedUnits, nextUnits, delegatedTo, oldest, usedElsewhereMsAgo } = findings;
  if (balance < promisedUnits + nextUnits) return unfunded(balance, promisedUnits, nextUnits);
  if (delegatedTo !== null) return delegated(delegatedTo);
  if (oldest !== null && oldest.waitsMs >= STUCK_AFTER_MS) {
    return { state: 'STUCK', reason: `Blocks pass over nonce ${oldest.nonce}, and all behind it waits.` };
  }
  if (usedElsewhereMsAgo !== null && usedElsewhereMsAgo < SHUN_AFTER_USE_ELSEWHERE_MS) return USED_ELSEWHERE;
  return ACTIVE;
}

export const USED_ELSEWHERE: LaneStanding = {
  state: 'USED_ELSEWHERE',
  reason: 'Somebody else signs with this key: nonces were used, or are about to be, that are not ours.',
};

/** What nodes' refusals say of a lane: they count what we do not see. */
export const REFUSED_FOR_FUNDS: LaneStanding = {
  state: 'UNFUNDED',
  reason: 'A node says that it cannot pay for what is signed.',
};
export const REFUSED_AS_DELEGATED: LaneStanding = {
  state: 'DELEGATED',
  reason:
    'A node takes one transaction of it at a time: its account is delegated (EIP-7702), or about to be.',
};

export function unfunded(balance: bigint, promisedUnits: bigint, nextUnits: bigint): LaneStanding {
  return {
    state: 'UNFUNDED',
    reason: `It has ${balance} base units; what is under way may take ${promisedUnits}, the next transaction ${nextUnits}.`,
  };
}

export function delegated(delegatedTo: Address): LaneStanding {
  return {
    state: 'DELEGATED',
    reason: `The key's account runs the code of ${delegatedTo} (EIP-7702): nodes take one transaction of it at a time.`,
  };
}
