import { Affix, Button, Group, Paper, Text } from '@mantine/core';
import { useNewVersion } from '../graphql/newVersion.ts';
import { useMessages } from '../i18n/messages.ts';
import { appMessages } from './messages.ts';

const EDGE_PX = 20;
const MAX_WIDTH_PX = 440;

/** Says once, in place of a fault for each question, that this page is too old for the server. It is never loaded anew by itself. */
export function NewVersion() {
  const t = useMessages(appMessages);
  if (!useNewVersion()) return null;
  return (
    <Affix position={{ bottom: EDGE_PX, left: EDGE_PX }} pr={EDGE_PX}>
      <Paper withBorder shadow="md" p="md" role="alert" maw={MAX_WIDTH_PX}>
        <Text fw={600}>{t('newVersion')}</Text>
        <Text size="sm">{t('newVersionHint')}</Text>
        <Group justify="flex-end" mt="sm">
          <Button size="xs" onClick={() => location.reload()}>
            {t('reload')}
          </Button>
        </Group>
      </Paper>
    </Affix>
  );
}
