import { formatAmount } from '../../../core/money.ts';
import type { ShownMoney } from '../../components/Amount.tsx';
import type { SignedFacts } from '../../signing/servedRequest.ts';

/** Base units of a request's token as they are shown. */
export function signedAmount(units: bigint, { symbol, decimals }: SignedFacts['token']): ShownMoney {
  return { amount: formatAmount(units, decimals), asset: { symbol } };
}
