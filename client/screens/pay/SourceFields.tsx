import { Select, SimpleGrid } from '@mantine/core';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { ChosenAccount } from '../import/importTypes.ts';
import { payMessages } from './messages.ts';

/** From which account, and in what. */
export function SourceFields(props: {
  accounts: readonly ChosenAccount[];
  assets: readonly { id: string; symbol: string }[];
  choice: { accountId: string | null; assetId: string | null };
  faultAt(field: string): string | undefined;
  chooseAccount(id: string | null): void;
  chooseAsset(id: string | null): void;
}) {
  const t = useMessages(payMessages);
  const format = useFormat();
  const { accounts, assets, choice, faultAt } = props;
  const account = accounts.find(({ id }) => id === choice.accountId);
  const available = account?.balances.edges.find(({ node }) => node.available.asset.id === choice.assetId)
    ?.node.available;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <Select
        label={t('account')}
        data={accounts.map(({ id, name, chain }) => ({ value: id, label: `${name} · ${chain.name}` }))}
        value={choice.accountId}
        onChange={props.chooseAccount}
        allowDeselect={false}
        searchable={accounts.length > 8}
        error={faultAt('accountId')}
        required
      />
      <Select
        label={t('asset')}
        placeholder={t('assetHint')}
        data={assets.map(({ id, symbol }) => ({ value: id, label: symbol }))}
        value={choice.assetId}
        onChange={props.chooseAsset}
        allowDeselect={false}
        disabled={account === undefined}
        error={faultAt('assetId')}
        {...(available === undefined
          ? {}
          : {
              description: t('available', {
                amount: `${format.amount(available.amount)} ${available.asset.symbol}`,
              }),
            })}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        required
      />
    </SimpleGrid>
  );
}
