import type { RequestDifference } from '../../../chains/evm/codec/requestDifference.ts';
import { type Format, useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import { decideMessages } from './decideMessages.ts';
import { differenceMessages } from './differenceMessages.ts';

const DECIMAL = /^\d+(\.\d+)?$/;

type Payouts = NonNullable<RequestDifference['payouts']>;
type Texts = ReturnType<typeof useMessages<(typeof decideMessages)['keys'][number]>>;

/**
 * What differs, in one sentence: of payouts from their values; else in English as the check says it, in Chinese from the
 * parts.
 * @param symbol of the token, as the server says
 */
export function useDifferenceText(symbol: string): (difference: RequestDifference) => string {
  const t = useMessages(decideMessages);
  const part = useMessages(differenceMessages);
  const format = useFormat();
  const language = useLanguage();
  return (difference) => {
    const { what, row, expected, found, sentence, payouts } = difference;
    if (payouts !== undefined && row !== undefined)
      return ofPayouts(difference, row, payouts, t, (amount) => `${amountText(amount, format)} ${symbol}`);
    if (language === 'en') return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
    if (expected === null && found === null) return `${part(what)}：${sentence}`;
    const values = { expected: expected ?? t('missing'), found: found ?? t('missing') };
    return t('difference', { part: part(what), ...values });
  };
}

function ofPayouts(
  difference: RequestDifference,
  row: number,
  { isOfFile, expected, found }: Payouts,
  t: Texts,
  money: (amount: string) => string,
): string {
  const place = t(isOfFile ? 'placeInFile' : 'placeInBatch', { row });
  const basis = t(isOfFile ? 'basisFile' : 'basisList');
  if (found !== null && expected !== null) {
    return difference.expected === expected.recipient
      ? t('recipientChanged', {
          ...{ place, basis, found: found.recipient, expected: expected.recipient },
          amount: money(found.amount),
        })
      : t('amountChanged', {
          ...{ place, basis, found: money(found.amount), expected: money(expected.amount) },
          recipient: found.recipient,
        });
  }
  if (expected !== null)
    return t('rowMissing', { place, amount: money(expected.amount), recipient: expected.recipient });
  if (found !== null)
    return t('rowAdded', { place, amount: money(found.amount), recipient: found.recipient });
  return difference.sentence;
}

/** What the server lists as an amount may be none. */
function amountText(amount: string, format: Format): string {
  return DECIMAL.test(amount) ? format.amount(amount) : amount;
}
