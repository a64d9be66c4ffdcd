import { Card, Select, SimpleGrid, Text, TextInput, Title } from '@mantine/core';
import type { RefObject } from 'react';
import { MAX_TITLE_CHARACTERS } from '../../../core/limits.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { payableAssets } from './importDefaults.ts';
import type { ChosenAccount, ChosenChain, RequestFault } from './importTypes.ts';
import { importMessages } from './messages.ts';

const GAP = 'md';

/** From which account, in what, and under which title. */
export function TargetCard(props: {
  chains: readonly ChosenChain[];
  accounts: readonly ChosenAccount[];
  choice: { accountId: string | null; assetId: string | null };
  title: string;
  faults: readonly RequestFault[];
  /** What a file waits for. */
  missing: 'account' | 'asset' | null;
  accountRef: RefObject<HTMLInputElement | null>;
  assetRef: RefObject<HTMLInputElement | null>;
  chooseAccount(id: string | null): void;
  chooseAsset(id: string | null): void;
  setTitle(title: string): void;
}) {
  const t = useMessages(importMessages);
  const { chains, accounts, choice } = props;
  const account = accounts.find(({ id }) => id === choice.accountId);
  const faultAt = (field: string) => props.faults.find(({ path }) => path?.[1] === field)?.message;
  return (
    <Card component="section" aria-labelledby="import-target">
      <Title order={2} size="h4" id="import-target" mb="sm">
        {t('target')}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={GAP}>
        <Select
          label={t('account')}
          placeholder={t('accountHint')}
          data={accounts.map(({ id, name, chain }) => ({ value: id, label: `${name} · ${chain.name}` }))}
          value={choice.accountId}
          onChange={props.chooseAccount}
          allowDeselect={false}
          searchable={accounts.length > 8}
          ref={props.accountRef}
          error={props.missing === 'account' ? t('accountMissing') : faultAt('accountId')}
        />
        <Select
          label={t('asset')}
          placeholder={t('assetHint')}
          data={payableAssets(chains, account).map(({ id, symbol }) => ({ value: id, label: symbol }))}
          value={choice.assetId}
          onChange={props.chooseAsset}
          allowDeselect={false}
          disabled={account === undefined}
          ref={props.assetRef}
          error={props.missing === 'asset' ? t('assetMissing') : faultAt('assetId')}
          description={<Available account={account} assetId={choice.assetId} />}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
        <TextInput
          label={t('batchTitle')}
          placeholder={t('batchTitleHint')}
          value={props.title}
          onChange={(event) => props.setTitle(event.currentTarget.value)}
          maxLength={MAX_TITLE_CHARACTERS}
          error={faultAt('title')}
        />
      </SimpleGrid>
    </Card>
  );
}

function Available({ account, assetId }: { account: ChosenAccount | undefined; assetId: string | null }) {
  const t = useMessages(importMessages);
  const format = useFormat();
  const available = account?.balances.edges.find(({ node }) => node.available.asset.id === assetId)?.node
    .available;
  if (available === undefined) return null;
  const amount = `${format.amount(available.amount)} ${available.asset.symbol}`;
  return (
    <Text span inherit>
      {t('available', { amount })}
    </Text>
  );
}
