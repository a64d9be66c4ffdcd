import { Text, type TextProps } from '@mantine/core';
import { useFormat } from '../i18n/format.ts';

/** Money as the schema gives it. */
export type ShownMoney = { amount: string; asset: { symbol: string } };

/** An exact amount with its asset; every digit that is not a trailing zero. */
export function Amount({ money, ...props }: { money: ShownMoney } & TextProps) {
  const format = useFormat();
  return (
    <Text span className="amount" inherit {...props}>
      {format.amount(money.amount)}{' '}
      <Text span c="dimmed" size="0.85em" inherit={false}>
        {money.asset.symbol}
      </Text>
    </Text>
  );
}
