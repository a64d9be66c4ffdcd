import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/messages.ts';
import { FormFault } from './FormFault.tsx';
import { formMessages } from './formMessages.ts';

type FormProps = {
  close(): void;
  /** Stands above the fields. */
  lead?: ReactNode;
  /** What is wrong that no field is about. */
  fault: string | null;
  /** What the button says that sends it. */
  action: string;
  isReady: boolean;
  isSending: boolean;
  send(): Promise<void>;
  children: ReactNode;
};

/** A dialog that asks for something to be filled in. */
export function FormModal({ title, ...form }: FormProps & { title: string }) {
  const t = useMessages(formMessages);
  return (
    <Modal
      opened
      onClose={form.close}
      title={title}
      size="lg"
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <ModalForm {...form} />
    </Modal>
  );
}

/** What is in such a dialog, where that shows something else afterwards. */
export function ModalForm(props: FormProps) {
  const t = useMessages(formMessages);
  const { close, lead, fault, action, isReady, isSending, send, children } = props;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Stack gap="md">
        {lead}
        <FormFault text={fault} />
        {children}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isSending} disabled={!isReady}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
