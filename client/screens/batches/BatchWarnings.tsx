import { Alert, Button, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { BatchWarningsDocument } from '../../generated/screens/batches/batch.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { detailMessages } from './detailMessages.ts';

const SHOWN_WARNINGS = 5;

/** What was worth a look when the batch was made. It does not change after that. */
export function BatchWarnings({ batchId, warningCount }: { batchId: string; warningCount: number }) {
  const t = useMessages(detailMessages);
  const format = useFormat();
  const [isAllShown, setAllShown] = useState(false);
  const [{ data }] = useQuery({
    query: BatchWarningsDocument,
    variables: { id: batchId },
    requestPolicy: 'cache-first',
  });
  const warnings = data?.payoutBatch?.warnings ?? [];
  const shown = isAllShown ? warnings : warnings.slice(0, SHOWN_WARNINGS);
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('warnings', { count: warningCount, rows: format.number(warningCount) })}
    >
      <Text size="sm" mb="xs">
        {t('warningsHint')}
      </Text>
      <List size="sm" spacing={4}>
        {shown.map(({ index, code, message }) => (
          <List.Item key={`${index} ${code}`}>
            <strong>{t('warningRow', { row: format.number(index + 1) })}</strong>: {message}
          </List.Item>
        ))}
      </List>
      {warnings.length > shown.length && (
        <Button size="xs" variant="light" color="yellow" mt="xs" onClick={() => setAllShown(true)}>
          {t('warningsMore', { rows: format.number(warnings.length) })}
        </Button>
      )}
      {isAllShown && warningCount > warnings.length && (
        <Text size="sm" mt="xs">
          {t('warningsOnlyFirst', { rows: format.number(warnings.length) })}
        </Text>
      )}
    </Alert>
  );
}
