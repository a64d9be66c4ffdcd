import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useState } from 'react';
import { useActorName } from '../../components/ActorText.tsx';
import { FormModal } from '../../components/FormModal.tsx';
import { useDialog } from '../../components/useDialog.ts';
import { useFormFaults } from '../../components/useFormFaults.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { pauseMessages } from './messages.ts';
import { namesOf, type Pausable, type ShownPause } from './pauseTypes.ts';
import { usePauses } from './usePauses.ts';

/** That something is paused: by whom, since when, why, and how it goes on. */
export function PauseNotice({ subject, pause }: { subject: Pausable; pause: ShownPause }) {
  const t = useMessages(pauseMessages);
  const format = useFormat();
  const nameOf = useActorName();
  const { may } = useOrganization();
  const isOffline = useConnection().kind === 'OFFLINE';
  const { asked, ask, close } = useDialog<'resume'>();
  return (
    <Alert
      color="orange"
      mb="md"
      icon={<IconPlayerPause aria-hidden />}
      title={t(`paused_${subject.scope}`, namesOf(subject))}
      role="status"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {t('byWhom', { actor: nameOf(pause.pausedBy), when: format.dateTime(pause.pausedAt) })}
        </Text>
        <Text size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>
          “{pause.reason}”
        </Text>
        {may('PAYOUTS_RESUME') ? (
          <Button
            size="xs"
            variant="default"
            disabled={isOffline}
            {...(isOffline ? { title: t('offline') } : {})}
            onClick={(event) => ask('resume', event.currentTarget)}
          >
            {t(`resume_${subject.scope}`)}
          </Button>
        ) : (
          <Text size="sm">{t('mayNotResume')}</Text>
        )}
      </Stack>
      {asked !== null && <ResumeDialog subject={subject} close={close} />}
    </Alert>
  );
}

function ResumeDialog({ subject, close }: { subject: Pausable; close(): void }) {
  const t = useMessages(pauseMessages);
  const { resume } = usePauses();
  const faults = useFormFaults(pauseMessages, []);
  const [isSending, setSending] = useState(false);
  const send = async () => {
    setSending(true);
    const answer = await resume(subject);
    setSending(false);
    if (faults.take(answer)) close();
  };
  return (
    <FormModal
      title={t(`resumeTitle_${subject.scope}`, namesOf(subject))}
      close={close}
      fault={faults.general}
      action={t('resume')}
      isReady
      isSending={isSending}
      send={send}
    >
      <Group>
        <Text size="sm">{t('resumeLead')}</Text>
      </Group>
    </FormModal>
  );
}
