import { Alert, Stack } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { appMessages } from '../app/messages.ts';
import { NotFound } from '../app/NotFound.tsx';
import { useFormat } from '../i18n/format.ts';
import { useMessages } from '../i18n/messages.ts';
import type { LiveResult } from '../live/useLiveQuery.ts';
import { ErrorState } from './ErrorState.tsx';
import { LoadingState } from './LoadingState.tsx';

/**
 * A screen's loading, error, missing and last-known states in one place.
 * @param props.select what is to be shown of the answer; null or undefined when it does not exist
 */
export function LiveContent<Data, Shown>(props: {
  result: LiveResult<Data>;
  select: (data: Data) => Shown | null | undefined;
  children: (shown: Shown) => ReactNode;
}) {
  const t = useMessages(appMessages);
  const format = useFormat();
  const { data, error, isLoading, lastKnownAt, refresh } = props.result;
  if (isLoading) return <LoadingState />;
  if (data === undefined)
    return error === undefined ? <NotFound /> : <ErrorState error={error} retry={refresh} />;
  const shown = props.select(data);
  return (
    <Stack gap="md">
      {lastKnownAt !== null && (
        <Alert color="gray" icon={<IconCloudOff aria-hidden />} role="status" py="xs">
          {t('lastKnown', { when: format.dateTime(lastKnownAt) })}
        </Alert>
      )}
      {error !== undefined && lastKnownAt === null && <ErrorState error={error} retry={refresh} />}
      {shown === null || shown === undefined ? error === undefined && <NotFound /> : props.children(shown)}
    </Stack>
  );
}
