import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useMessages } from '../../i18n/messages.ts';
import { batchMessages } from './messages.ts';

const ICON_PX = 18;

/** To where a file becomes a batch. */
export function ImportButton() {
  const t = useMessages(batchMessages);
  return (
    <Button
      component={Link}
      to="/batches/import"
      leftSection={<IconFileImport size={ICON_PX} stroke={1.6} aria-hidden />}
    >
      {t('import')}
    </Button>
  );
}
