import { Drawer } from '@mantine/core';
import { useMessages } from '../../i18n/messages.ts';
import { payeeFormMessages } from './formMessages.ts';
import type { ListedPayee } from './listedPayee.ts';
import { payeeMessages } from './messages.ts';
import { PayeeForm } from './PayeeForm.tsx';

/** @param props.payee whom to change; null for a new one */
export function PayeeDrawer(props: { payee: ListedPayee | null; isOpen: boolean; close(): void }) {
  const t = useMessages(payeeMessages);
  const form = useMessages(payeeFormMessages);
  const { payee, isOpen, close } = props;
  return (
    <Drawer
      opened={isOpen}
      onClose={close}
      position="right"
      size="lg"
      title={payee === null ? form('addHeading') : form('editHeading', { name: payee.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
      // Not the page’s own header.
      attributes={{ header: { role: 'presentation' } }}
      styles={{ title: { fontWeight: 650 } }}
      // What was typed is not lost by a slip of the mouse.
      closeOnClickOutside={false}
    >
      {isOpen && <PayeeForm payee={payee} close={close} />}
    </Drawer>
  );
}
