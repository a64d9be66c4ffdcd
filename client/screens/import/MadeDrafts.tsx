import { Anchor, Card, List, Text, Title } from '@mantine/core';
import { useCallback } from 'react';
import { Link } from 'react-router';
import { useMessages } from '../../i18n/messages.ts';
import type { ImportAnswer } from './importTypes.ts';
import { previewMessages } from './previewMessages.ts';

/** A file that was split has become several drafts. */
export function MadeDrafts({ batches }: { batches: ImportAnswer['payoutBatches'] }) {
  const t = useMessages(previewMessages);
  // The button that was pressed is gone: the keyboard goes on here.
  const focus = useCallback((card: HTMLDivElement | null) => card?.focus(), []);
  return (
    <Card role="status" tabIndex={-1} ref={focus}>
      <Title order={2} size="h4">
        {t('madeHeading', { count: batches.length })}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('madeHint')}
      </Text>
      <List>
        {batches.map(({ id, title, total }) => (
          <List.Item key={id}>
            <Anchor component={Link} to={`/batches/${id}`}>
              {t('open', { title: `${title} (${total.asset.symbol})` })}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Card>
  );
}
