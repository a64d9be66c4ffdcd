import { formatAmount } from '../../../../core/money.ts';
import type { PayoutStatus } from '../../../generated/operationTypes.ts';

/** What a receipt may say of a payout: paid is only what no reorganization can take back. */
export const OUTCOMES = ['PAID', 'NOT_FINAL', 'NOT_PAID', 'OWED', 'FAILED'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const OUTCOME_OF: Readonly<Record<PayoutStatus, Outcome>> = {
  FINAL: 'PAID',
  CONFIRMED: 'NOT_FINAL',
  INCLUDED: 'NOT_FINAL',
  SUBMITTED: 'NOT_PAID',
  PENDING: 'NOT_PAID',
  UNDELIVERED: 'OWED',
  FAILED: 'FAILED',
};

export type OutcomeTotal = {
  outcome: Outcome;
  count: number;
  /** An exact decimal; null where not every row was read. */
  amount: string | null;
};

type Row = { status: PayoutStatus; amount: { units: string } };
type Counts = Readonly<
  Record<'pending' | 'submitted' | 'included' | 'confirmed' | 'final' | 'undelivered' | 'failed', number>
>;

/** How much came of what, from all rows of a batch. Outcomes that no row has are left out. */
export function totalsOfRows(rows: readonly Row[], decimals: number): OutcomeTotal[] {
  return OUTCOMES.map((outcome) => {
    const own = rows.filter(({ status }) => OUTCOME_OF[status] === outcome);
    const units = own.reduce((sum, { amount }) => sum + BigInt(amount.units), 0n);
    return { outcome, count: own.length, amount: formatAmount(units, decimals) };
  }).filter(({ count }) => count > 0);
}

/**
 * The same from counts alone, where a batch has too many rows to read them all.
 * @param total of the whole batch: what all its rows came to, when it was the same for all
 */
export function totalsOfCounts(counts: Counts, total: string): OutcomeTotal[] {
  const byOutcome: Record<Outcome, number> = {
    PAID: counts.final,
    NOT_FINAL: counts.included + counts.confirmed,
    NOT_PAID: counts.pending + counts.submitted,
    OWED: counts.undelivered,
    FAILED: counts.failed,
  };
  const present = OUTCOMES.filter((outcome) => byOutcome[outcome] > 0);
  const amount = present.length === 1 ? total : null;
  return present.map((outcome) => ({ outcome, count: byOutcome[outcome], amount }));
}
