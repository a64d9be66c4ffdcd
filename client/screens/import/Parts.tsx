import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { Amount } from '../../components/Amount.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { ImportPreview } from './importTypes.ts';
import { previewMessages } from './previewMessages.ts';

/** One batch an account and asset. */
export function Parts({ parts }: { parts: ImportPreview['parts'] }) {
  const t = useMessages(previewMessages);
  const format = useFormat();
  if (parts.length === 0) return null;
  return (
    <Card component="section" aria-labelledby="import-parts">
      <Title order={2} size="h4" id="import-parts" mb="sm">
        {t('parts')}
      </Title>
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {parts.map(({ account, asset, payoutCount, total }) => (
          <Group key={`${account.id} ${asset.id}`} component="li" justify="space-between" gap="xs">
            <div>
              <Text fw={600}>{t('part', { asset: asset.symbol, chain: asset.chain.name })}</Text>
              <Text size="sm" c="dimmed">
                {t('from', { account: account.name })} ·{' '}
                {t('payouts', { count: payoutCount, rows: format.number(payoutCount) })}
              </Text>
            </div>
            <Amount money={total} fw={650} />
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
