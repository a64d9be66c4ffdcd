import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { importMessages } from './messages.ts';
import type { UploadState } from './useUpload.ts';

/** How much of the file has left, and whether it waits for the connection. */
export function SendingProgress(props: { state: Extract<UploadState, { kind: 'SENDING' }>; cancel(): void }) {
  const t = useMessages(importMessages);
  const format = useFormat();
  const { file, sentBytes, isWaiting } = props.state;
  const percent = Math.floor((100 * sentBytes) / file.sizeBytes);
  const name = t('sending', { name: file.name });
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" role="status" style={{ overflowWrap: 'anywhere', flex: '1 1 200px' }}>
          {isWaiting ? t('sendingWaits') : name}
        </Text>
        <Text size="sm" c="dimmed">
          {t('sendingProgress', { sent: format.fileSize(sentBytes), total: format.fileSize(file.sizeBytes) })}
        </Text>
        <Button size="xs" variant="default" onClick={props.cancel}>
          {t('cancel')}
        </Button>
      </Group>
      <Progress.Root size="lg">
        <Progress.Section
          value={percent}
          color={isWaiting ? 'yellow' : 'brand'}
          animated={!isWaiting}
          aria-label={name}
        />
      </Progress.Root>
    </Stack>
  );
}
