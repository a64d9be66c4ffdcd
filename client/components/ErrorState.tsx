import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { CombinedError } from 'urql';
import { appMessages } from '../app/messages.ts';
import { isOfNewVersion } from '../graphql/newVersion.ts';
import { useMessages } from '../i18n/messages.ts';

/** What could not be loaded, why, and a way to try again. */
export function ErrorState({ error, retry }: { error: CombinedError; retry?: () => void }) {
  const t = useMessages(appMessages);
  // That is said once, for all of the page.
  if (error.graphQLErrors.some(isOfNewVersion)) return null;
  const code = error.graphQLErrors[0]?.extensions.code;
  const text =
    error.networkError !== undefined
      ? t('unreachable')
      : code === 'FORBIDDEN'
        ? t('forbidden')
        : (error.graphQLErrors[0]?.message ?? error.message);
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t('errorTitle')} role="alert">
      <Group justify="space-between">
        <Text size="sm">{text}</Text>
        {retry !== undefined && (
          <Button size="xs" variant="light" color="red" onClick={retry}>
            {t('retry')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
