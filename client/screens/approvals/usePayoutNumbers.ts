import { useFormat } from '../../i18n/format.ts';

const MAX_NUMBERS_NAMED = 8;

/** The payouts' numbers, counted from 1; of many only the first are named. */
export function usePayoutNumbers(): (payouts: readonly { index: number }[]) => string {
  const format = useFormat();
  return (payouts) => {
    const named = payouts.slice(0, MAX_NUMBERS_NAMED).map(({ index }) => format.number(index + 1));
    return payouts.length > named.length ? `${named.join(', ')} …` : named.join(', ');
  };
}
