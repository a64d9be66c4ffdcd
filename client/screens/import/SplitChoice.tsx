import { Card, Select, SimpleGrid, Text, Title } from '@mantine/core';
import { useMessages } from '../../i18n/messages.ts';
import { payableAssets } from '../source/sourceDefaults.ts';
import type { SourceAccount, SourceChain } from '../source/sourceTypes.ts';
import { previewMessages } from './previewMessages.ts';

/** For payees who are paid in several assets: from which account each of the others is paid. */
export function SplitChoice(props: {
  chains: readonly SourceChain[];
  accounts: readonly SourceAccount[];
  mainAssetId: string | null;
  /** Accounts by asset. */
  split: Readonly<Record<string, string>>;
  choose(assetId: string, accountId: string | null): void;
}) {
  const t = useMessages(previewMessages);
  const { chains, accounts, mainAssetId, split } = props;
  const others = chains.flatMap((chain) => {
    const able = accounts.filter((account) => account.chain.id === chain.id);
    return payableAssets(chains, able[0])
      .filter(({ id }) => id !== mainAssetId)
      .map((asset) => ({ chain, asset, able }));
  });
  return (
    <Card component="section" aria-labelledby="import-split">
      <Title order={2} size="h4" id="import-split">
        {t('split')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('splitHint')}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} spacing="md">
        {others.map(({ chain, asset, able }) => (
          <Select
            key={asset.id}
            label={t('splitLabel', { asset: asset.symbol, chain: chain.name })}
            placeholder={t('splitNone')}
            data={able.map(({ id, name }) => ({ value: id, label: name }))}
            value={split[asset.id] ?? null}
            onChange={(accountId) => props.choose(asset.id, accountId)}
            clearable
          />
        ))}
      </SimpleGrid>
    </Card>
  );
}
