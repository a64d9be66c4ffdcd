import { Center, Loader } from '@mantine/core';
import { appMessages } from '../app/messages.ts';
import { useMessages } from '../i18n/messages.ts';

/** While there is nothing to show yet. */
export function LoadingState() {
  const t = useMessages(appMessages);
  return (
    <Center mih={240} role="status" aria-label={t('loading')}>
      <Loader type="dots" />
    </Center>
  );
}
