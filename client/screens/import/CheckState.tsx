import { Alert, Button, Group, Loader, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { CombinedError } from 'urql';
import { appMessages } from '../../app/messages.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { RequestFault } from './importTypes.ts';
import { importMessages } from './messages.ts';
import type { CheckControl } from './useCheck.ts';

/** Faults that are shown at their field. */
const FIELDS: readonly string[] = ['accountId', 'assetId', 'title'];

/** That a check is under way, or why there is none. */
export function CheckState({ check, faults }: { check: CheckControl; faults: readonly RequestFault[] }) {
  const t = useMessages(importMessages);
  const app = useMessages(appMessages);
  const { isChecking, error } = check;
  const refusal = ({ networkError, graphQLErrors: [said], message }: CombinedError) => {
    if (networkError !== undefined) return t('unreachable');
    return said?.extensions.code === 'FORBIDDEN' ? app('forbidden') : (said?.message ?? message);
  };
  const others = faults.filter(({ path }) => !FIELDS.includes(path?.[1] ?? ''));
  return (
    <>
      {/* It takes no room while it says nothing, and is there before it does. */}
      <div role="status" style={isChecking ? undefined : { marginTop: 'calc(-1 * var(--stack-gap))' }}>
        {isChecking && (
          <Group gap="sm">
            <Loader size="sm" aria-hidden />
            <Text size="sm">{t('checking')}</Text>
          </Group>
        )}
      </div>
      {(error !== undefined || others.length > 0) && !isChecking && (
        <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={t('notChecked')}>
          <Group justify="space-between">
            <Text size="sm">
              {error === undefined ? others.map(({ message }) => message).join(' ') : refusal(error)}
            </Text>
            <Button size="xs" variant="light" color="red" onClick={check.again}>
              {t('checkAgain')}
            </Button>
          </Group>
        </Alert>
      )}
    </>
  );
}
