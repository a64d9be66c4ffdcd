import { Alert, Button, CopyButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react';
import { AddressText } from '../../components/AddressText.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { changeMessages } from './changeMessages.ts';
import { invitationLink } from './invitationSecret.ts';

const ICON_PX = 18;

/**
 * The link of an invitation that was just made, to be copied, and how to hand it over.
 * @param props.secret null where the answer that held it was lost
 */
export function InvitationLink(props: {
  invitation: { displayName: string; address: string | null; expiresAt: string };
  secret: string | null;
  close(): void;
}) {
  const t = useMessages(changeMessages);
  const format = useFormat();
  const { displayName, address, expiresAt } = props.invitation;
  if (props.secret === null) {
    return (
      <Stack gap="md">
        <Alert color="orange" role="alert">
          {t('lost')}
        </Alert>
        <Button style={{ alignSelf: 'flex-end' }} onClick={props.close} data-autofocus>
          {t('close')}
        </Button>
      </Stack>
    );
  }
  const link = invitationLink(location.origin, props.secret);
  return (
    <Stack gap="md">
      <Text size="sm" fw={600} role="status">
        {t('linkReady')}
      </Text>
      <Textarea
        label={t('link', { name: displayName })}
        value={link}
        readOnly
        autosize
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', wordBreak: 'break-all' } }}
      />
      <CopyButton value={link}>
        {({ copied, copy }) => (
          <Button
            onClick={copy}
            leftSection={
              copied ? <IconCheck size={ICON_PX} aria-hidden /> : <IconCopy size={ICON_PX} aria-hidden />
            }
          >
            {t(copied ? 'copied' : 'copyLink')}
          </Button>
        )}
      </CopyButton>
      {address === null ? (
        <Alert color="orange" icon={<IconAlertTriangle size={ICON_PX} aria-hidden />}>
          {t('linkUnbound')}
        </Alert>
      ) : (
        <div>
          <Text size="sm">
            {t('linkBound')} {t('linkTrusted')}
          </Text>
          <AddressText value={address} full />
        </div>
      )}
      <Text size="sm" c="dimmed">
        {t('linkExpires', { when: format.dateTime(expiresAt) })}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={props.close}>
          {t('done')}
        </Button>
      </Group>
    </Stack>
  );
}
