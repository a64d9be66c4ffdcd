import { Select, type SelectProps } from '@mantine/core';
import type { Ref } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { sourceMessages } from './messages.ts';
import type { SourceChoice } from './useSource.ts';

/** More can be searched. */
const MAX_ACCOUNTS_SEEN_AT_ONCE = 8;

type Props = Pick<SelectProps, 'label' | 'placeholder' | 'error' | 'required'> & {
  source: SourceChoice;
  ref?: Ref<HTMLInputElement>;
};

/** From which account. */
export function AccountSelect({ source, ...props }: Props) {
  const { accounts, chosen } = source;
  return (
    <Select
      data={accounts.map(({ id, name, chain }) => ({ value: id, label: `${name} · ${chain.name}` }))}
      value={chosen.accountId}
      onChange={source.chooseAccount}
      allowDeselect={false}
      searchable={accounts.length > MAX_ACCOUNTS_SEEN_AT_ONCE}
      {...props}
    />
  );
}

/** In what, and how much of it there is. */
export function AssetSelect({ source, ...props }: Props) {
  const t = useMessages(sourceMessages);
  const format = useFormat();
  const { account, assets, chosen } = source;
  const balance = account?.balances.edges.find(({ node }) => node.available.asset.id === chosen.assetId);
  const available = balance?.node.available;
  return (
    <Select
      data={assets.map(({ id, symbol }) => ({ value: id, label: symbol }))}
      value={chosen.assetId}
      onChange={source.chooseAsset}
      allowDeselect={false}
      disabled={account === undefined}
      description={
        available &&
        t('available', { amount: `${format.amount(available.amount)} ${available.asset.symbol}` })
      }
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      {...props}
    />
  );
}
