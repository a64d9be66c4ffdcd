import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useMutation } from 'urql';
import { MAX_REASON_CHARACTERS } from '../../../core/limits.ts';
import { ApprovalRejectDocument } from '../../generated/screens/approvals/approvals.ts';
import { useMessages } from '../../i18n/messages.ts';
import { decideMessages } from './decideMessages.ts';

/** A rejection with its reason; asked for twice, because it stands. */
export function RejectForm(props: { approvalId: string; signerId: string; isHindered: boolean }) {
  const t = useMessages(decideMessages);
  const { approvalId, signerId, isHindered } = props;
  const [{ fetching }, reject] = useMutation(ApprovalRejectDocument);
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<{ message: string; isOfReason: boolean } | null>(null);
  if (!isOpen) {
    return (
      <Button variant="default" disabled={isHindered} onClick={() => setOpen(true)}>
        {t('reject')}
      </Button>
    );
  }
  const send = async () => {
    setFault(null);
    const said = reason.trim() === '' ? null : reason.trim();
    const { data, error } = await reject({ input: { approvalId, signerId, reason: said } });
    const [first] = data?.approvalReject?.userErrors ?? [];
    if (error !== undefined) setFault({ message: error.message, isOfReason: false });
    else if (first !== undefined)
      setFault({ message: first.message, isOfReason: first.path?.at(-1) === 'reason' });
    else notifications.show({ message: t('rejectedDone') });
  };
  return (
    <Stack gap="sm" role="group" aria-label={t('rejectHeading')}>
      <div>
        <Text fw={650}>{t('rejectHeading')}</Text>
        <Text size="sm">{t('rejectText')}</Text>
      </div>
      <Textarea
        label={t('reason')}
        description={t('reasonHint')}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        maxLength={MAX_REASON_CHARACTERS}
        autosize
        minRows={2}
        data-autofocus
        error={fault?.isOfReason === true ? fault.message : undefined}
      />
      {fault !== null && !fault.isOfReason && (
        <Alert color="red" role="alert">
          {fault.message}
        </Alert>
      )}
      <Group>
        <Button color="red" loading={fetching} disabled={isHindered} onClick={() => void send()}>
          {t('rejectNow')}
        </Button>
        <Button variant="default" onClick={() => setOpen(false)}>
          {t('cancel')}
        </Button>
      </Group>
    </Stack>
  );
}
