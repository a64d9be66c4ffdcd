import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { MAX_REASON_CHARACTERS } from '../../../core/limits.ts';
import { ApprovalRejectDocument } from '../../generated/screens/approvals/approvals.ts';
import { useMessages } from '../../i18n/messages.ts';
import { decideMessages } from './decideMessages.ts';

type RejectFormProps = {
  approvalId: string;
  signerId: string;
  isHindered: boolean;
  /** It is recorded. */
  onDone(): void;
};

/** A rejection with its reason; asked for twice, because it stands. */
export function RejectForm(props: RejectFormProps) {
  const t = useMessages(decideMessages);
  const [isOpen, setOpen] = useState(false);
  const [wasOpen, setWasOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen && wasOpen) opener.current?.focus();
  }, [isOpen, wasOpen]);
  if (!isOpen) {
    return (
      <Button ref={opener} variant="default" disabled={props.isHindered} onClick={() => setOpen(true)}>
        {t('reject')}
      </Button>
    );
  }
  return (
    <OpenForm
      {...props}
      close={() => {
        setWasOpen(true);
        setOpen(false);
      }}
    />
  );
}

function OpenForm({ approvalId, signerId, isHindered, onDone, close }: RejectFormProps & { close(): void }) {
  const t = useMessages(decideMessages);
  const [{ fetching }, reject] = useMutation(ApprovalRejectDocument);
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<{ message: string; isOfReason: boolean } | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const send = async () => {
    const said = reason.trim();
    // The server takes a rejection without one; whoever asked would not know what to change.
    if (said === '') {
      setFault({ message: t('reasonMissing'), isOfReason: true });
      field.current?.focus();
      return;
    }
    setFault(null);
    const { data, error } = await reject({ input: { approvalId, signerId, reason: said } });
    const [first] = data?.approvalReject?.userErrors ?? [];
    if (error !== undefined) setFault({ message: error.message, isOfReason: false });
    else if (first !== undefined)
      setFault({ message: first.message, isOfReason: first.path?.at(-1) === 'reason' });
    else onDone();
  };
  return (
    <Stack gap="sm" role="group" aria-label={t('rejectHeading')}>
      <div>
        <Text fw={650}>{t('rejectHeading')}</Text>
        <Text size="sm">{t('rejectText')}</Text>
      </div>
      <Textarea
        ref={field}
        label={t('reason')}
        description={t('reasonHint')}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        maxLength={MAX_REASON_CHARACTERS}
        autosize
        minRows={2}
        required
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
        <Button variant="default" onClick={close}>
          {t('cancel')}
        </Button>
      </Group>
    </Stack>
  );
}
