import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useMessages } from '../../i18n/messages.ts';
import { batchMessages } from './messages.ts';

const ICON_PX = 18;

/** To where one payment is made without a file. */
export function PayOneButton() {
  const t = useMessages(batchMessages);
  return (
    <Button
      component={Link}
      to="/batches/pay"
      variant="default"
      leftSection={<IconSend size={ICON_PX} stroke={1.6} aria-hidden />}
    >
      {t('payOne')}
    </Button>
  );
}
