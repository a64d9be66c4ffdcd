import { SimpleGrid, TextInput } from '@mantine/core';
import { MAX_MEMO_CHARACTERS, MAX_REFERENCE_CHARACTERS } from '../../../core/limits.ts';
import { useMessages } from '../../i18n/messages.ts';
import { payMessages } from './messages.ts';

/** As they are typed. */
export type PaymentTexts = { readonly amount: string; readonly memo: string; readonly reference: string };

type Props = {
  texts: PaymentTexts;
  change(texts: PaymentTexts): void;
  /** Of what is paid; empty while nothing is chosen. */
  symbol: string;
  faultAt(field: string): string | undefined;
};

/** How much, and what for. */
export function PaymentFields({ texts, change, symbol, faultAt }: Props) {
  const t = useMessages(payMessages);
  return (
    <>
      <TextInput
        label={t('amount')}
        {...(symbol === '' ? {} : { description: t('amountHint', { symbol }) })}
        value={texts.amount}
        onChange={(event) => change({ ...texts, amount: event.currentTarget.value })}
        error={faultAt('amount')}
        inputMode="decimal"
        autoComplete="off"
        required
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t('memo')}
          description={t('memoHint')}
          value={texts.memo}
          onChange={(event) => change({ ...texts, memo: event.currentTarget.value })}
          maxLength={MAX_MEMO_CHARACTERS}
          error={faultAt('memo')}
        />
        <TextInput
          label={t('reference')}
          description={t('referenceHint')}
          value={texts.reference}
          onChange={(event) => change({ ...texts, reference: event.currentTarget.value })}
          maxLength={MAX_REFERENCE_CHARACTERS}
          error={faultAt('reference')}
        />
      </SimpleGrid>
    </>
  );
}
