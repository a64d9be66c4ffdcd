import { Counter, Gauge, type Registry } from 'prom-client';
import { type TransactionMove, transactionCounter } from '../transitions/transactionCounter.ts';

const WEI_PER_NATIVE = 10n ** 18n;
const BALANCE_DIGITS = 1_000_000n;

/**
 * What the payout engine tells of itself; chains by EIP-155 id. Counters count what this process did, after it is committed;
 * what the database knows for all processes is in engineGauges.ts.
 */
export type EngineMetrics = {
  /** Statuses that are committed: each move once, where it is written. */
  moved(chainId: number, moves: readonly TransactionMove[]): void;
  /** A transaction was signed again on its nonce, with higher fees. @param reason as `STUCK` */
  replaced(chainId: number, reason: string): void;
  /** A node turned bytes away. @param reason as sendRawTransaction names it */
  sendRefused(chainId: number, reason: string): void;
  /** Nonces that nobody's stored transaction had, used up by transfers of nothing. */
  gapsFilled(chainId: number, count: number): void;
  /** Nonces of a relayer key that something else than this system used. */
  foreignNonces(chainId: number, count: number): void;
  /** Whether the chain asks for more than the fee policy may offer. */
  feeCapReached(chainId: number, isReached: boolean): void;
  /** What a relayer key has to pay for gas. @param balance native base units */
  laneBalance(chainId: number, address: string, balance: bigint): void;
};

export function createEngineMetrics(registry: Registry): EngineMetrics {
  const registers = [registry];
  const countMoves = transactionCounter(registry);
  const replacements = new Counter({
    name: 'payout_replacements_total',
    help: 'Transactions that were signed again on their nonce with higher fees, by why.',
    labelNames: ['chain', 'reason'],
    registers,
  });
  const refusals = new Counter({
    name: 'payout_send_refusals_total',
    help: 'Signed bytes that a node turned away, by its reason. They are sent again until a block has their nonce.',
    labelNames: ['chain', 'reason'],
    registers,
  });
  const gaps = new Counter({
    name: 'relayer_lane_gaps_filled_total',
    help: 'Nonces of a lane that no stored transaction had, used up by transfers of nothing.',
    labelNames: ['chain'],
    registers,
  });
  const foreign = new Counter({
    name: 'relayer_lane_foreign_nonces_total',
    help: 'Nonces of a relayer key that something else than this system used.',
    labelNames: ['chain'],
    registers,
  });
  const feeCap = new Gauge({
    name: 'payout_fee_cap_reached',
    help: '1 while the chain asks for more gas fees than the policy may offer: nothing new is signed there.',
    labelNames: ['chain'],
    registers,
  });
  const balance = new Gauge({
    name: 'relayer_lane_balance',
    help: 'Native currency that the relayer key had when it was last looked at, in whole units (1e18 base units).',
    labelNames: ['chain', 'address'],
    registers,
  });
  return {
    moved: (chainId, moves) => countMoves(caip2(chainId), moves),
    replaced: (chainId, reason) => replacements.inc({ chain: caip2(chainId), reason }),
    sendRefused: (chainId, reason) => refusals.inc({ chain: caip2(chainId), reason }),
    gapsFilled: (chainId, count) => gaps.inc({ chain: caip2(chainId) }, count),
    foreignNonces: (chainId, count) => foreign.inc({ chain: caip2(chainId) }, count),
    feeCapReached: (chainId, isReached) => feeCap.set({ chain: caip2(chainId) }, isReached ? 1 : 0),
    laneBalance: (chainId, address, units) =>
      balance.set({ chain: caip2(chainId), address }, wholeUnits(units)),
  };
}

function caip2(chainId: number): string {
  return `eip155:${chainId}`;
}

/** For a gauge, which is a float: to six digits. */
function wholeUnits(units: bigint): number {
  return Number((units * BALANCE_DIGITS) / WEI_PER_NATIVE) / Number(BALANCE_DIGITS);
}
