import { Alert, Button, Group, Modal, Radio, Stack, Text, Textarea } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useState } from 'react';
import { MAX_REASON_CHARACTERS } from '../../../core/limits.ts';
import { ModalForm } from '../../components/FormModal.tsx';
import { formMessages } from '../../components/formMessages.ts';
import { useDialog } from '../../components/useDialog.ts';
import { useFormFaults } from '../../components/useFormFaults.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { pauseMessages } from './messages.ts';
import { namesOf, type Pausable } from './pauseTypes.ts';
import { usePauses } from './usePauses.ts';
import { type UnderWay, whatIsUnderWay } from './whatIsUnderWay.ts';

const ICON_PX = 18;
type Subjects = readonly [Pausable, ...Pausable[]];

/**
 * @param props.subjects what can be paused here, the narrowest first: of several the person chooses. Draw it without any, too:
 *   its dialog, once open, says what the pause came too late for
 */
export function PauseButton({ subjects: [first, ...others] }: { subjects: readonly Pausable[] }) {
  const t = useMessages(pauseMessages);
  const { asked, ask, close } = useDialog<'pause'>();
  const [offered, setOffered] = useState<Subjects | null>(null);
  const isOffline = useConnection().kind === 'OFFLINE';
  return (
    <>
      {first !== undefined && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={ICON_PX} stroke={1.6} aria-hidden />}
          disabled={isOffline}
          {...(isOffline ? { title: t('offline') } : {})}
          onClick={(event) => {
            setOffered([first, ...others]);
            ask('pause', event.currentTarget);
          }}
        >
          {t('pause')}
        </Button>
      )}
      {asked !== null && offered !== null && <PauseDialog subjects={offered} close={close} />}
    </>
  );
}

function PauseDialog({ subjects, close }: { subjects: Subjects; close(): void }) {
  const t = useMessages(pauseMessages);
  const form = useMessages(formMessages);
  const [underWay, setUnderWay] = useState<UnderWay | null>(null);
  const [first] = subjects;
  const title = first.scope === 'PAYOUT_BATCH' ? 'title_PAYOUT_BATCH' : 'title_ACCOUNT';
  return (
    <Modal
      opened
      onClose={close}
      title={t(underWay === null ? title : 'done')}
      closeButtonProps={{ 'aria-label': form('close') }}
    >
      {underWay === null ? (
        <PauseForm subjects={subjects} close={close} onPaused={setUnderWay} />
      ) : (
        <Paused underWay={underWay} close={close} />
      )}
    </Modal>
  );
}

function PauseForm(props: { subjects: Subjects; close(): void; onPaused(underWay: UnderWay): void }) {
  const { subjects, close, onPaused } = props;
  const t = useMessages(pauseMessages);
  const { pause } = usePauses();
  const faults = useFormFaults(pauseMessages, ['reason']);
  const [reason, setReason] = useState('');
  const [chosen, setChosen] = useState<Pausable>(subjects[0]);
  const [isSending, setSending] = useState(false);
  const send = async () => {
    setSending(true);
    const answer = await pause(chosen, reason);
    setSending(false);
    if (faults.take(answer)) onPaused(answer.underWay);
  };
  return (
    <ModalForm
      close={close}
      lead={<Text size="sm">{t('lead')}</Text>}
      fault={faults.general}
      action={t('pauseNow')}
      isReady={reason.trim() !== ''}
      isSending={isSending}
      send={send}
    >
      {subjects.length > 1 && (
        <Radio.Group
          label={t('scope')}
          value={chosen.scope}
          onChange={(scope) => setChosen(subjects.find((subject) => subject.scope === scope) ?? chosen)}
        >
          <Stack gap="xs" mt={6}>
            {subjects.map((subject) => (
              <Radio
                key={subject.scope}
                value={subject.scope}
                label={t(subject.scope === 'CHAIN' ? 'scope_CHAIN' : 'scope_ACCOUNT', namesOf(subject))}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <Textarea
        label={t('reason')}
        description={t('reasonHint')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={MAX_REASON_CHARACTERS}
        error={faults.at('reason')}
        autosize
        minRows={2}
        required
        data-autofocus
      />
    </ModalForm>
  );
}

/** What the pause came too late for: the person hears it before anything else. */
function Paused({ underWay, close }: { underWay: UnderWay; close(): void }) {
  const t = useMessages(pauseMessages);
  const format = useFormat();
  const { key, count } = whatIsUnderWay(underWay);
  return (
    <Stack gap="md">
      <Alert color={count === 0 ? 'teal' : 'orange'} role="status">
        {t(key, { count, rows: format.number(count) })}
      </Alert>
      <Group justify="flex-end">
        <Button onClick={close} data-autofocus>
          {t('understood')}
        </Button>
      </Group>
    </Stack>
  );
}
