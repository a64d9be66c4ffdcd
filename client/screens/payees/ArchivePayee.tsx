import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ArchivePayeeDocument } from '../../generated/screens/payees/payees.ts';
import { useMessages } from '../../i18n/messages.ts';
import { payeeFormMessages } from './formMessages.ts';
import type { ListedPayee } from './listedPayee.ts';
import { payeeMessages } from './messages.ts';
import { usePayeeFaultText } from './payeeFaultText.ts';

/** @param props.payee whom to archive; null: it is closed */
export function ArchivePayee({ payee, close }: { payee: ListedPayee | null; close(): void }) {
  const t = useMessages(payeeMessages);
  return (
    <Modal
      opened={payee !== null}
      onClose={close}
      title={payee === null ? '' : t('archiveHeading', { name: payee.name })}
      styles={{ title: { fontWeight: 650 } }}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {payee !== null && <Question payee={payee} close={close} />}
    </Modal>
  );
}

function Question({ payee, close }: { payee: ListedPayee; close(): void }) {
  const t = useMessages(payeeMessages);
  const form = useMessages(payeeFormMessages);
  const faultText = usePayeeFaultText();
  const [fault, setFault] = useState<string | null>(null);
  const [{ fetching }, archive] = useMutation(ArchivePayeeDocument);
  const submit = async () => {
    setFault(null);
    const { data, error } = await archive({ input: { payeeId: payee.id } });
    const refused = data?.payeeArchive?.userErrors[0];
    if (error?.networkError !== undefined) setFault(form('unanswered'));
    else if (error !== undefined) setFault(form('failed', { why: error.message }));
    else if (refused !== undefined) setFault(faultText(refused));
    else close();
  };
  return (
    <Stack>
      <Text size="sm">{t('archiveHint', { name: payee.name })}</Text>
      {fault !== null && (
        <Alert color="red" role="alert">
          {fault}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t('keep')}
        </Button>
        <Button color="red" loading={fetching} onClick={() => void submit()}>
          {t('archive')}
        </Button>
      </Group>
    </Stack>
  );
}
