import { Alert, Button, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import type { PayoutBatchStatus } from '../../generated/operationTypes.ts';
import { BatchWarningsDocument } from '../../generated/screens/batches/batch.ts';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import { issueTextZh } from '../import/issueTextZh.ts';
import { detailMessages } from './detailMessages.ts';

const SHOWN_WARNINGS = 5;
/** As long as somebody decides whether it is paid. */
const UNDECIDED: readonly PayoutBatchStatus[] = ['DRAFT', 'PENDING_APPROVAL'];

type BatchWarningsProps = { batch: { id: string; status: PayoutBatchStatus; warningCount: number } };

/** What was worth a look when the batch was made. It does not change after that. */
export function BatchWarnings({ batch }: BatchWarningsProps) {
  const t = useMessages(detailMessages);
  const format = useFormat();
  const language = useLanguage();
  const isUndecided = UNDECIDED.includes(batch.status);
  const [isAllShown, setAllShown] = useState(false);
  const [{ data }] = useQuery({
    query: BatchWarningsDocument,
    variables: { id: batch.id },
    requestPolicy: 'cache-first',
  });
  const warnings = data?.payoutBatch?.warnings ?? [];
  const shown = isAllShown ? warnings : warnings.slice(0, isUndecided ? SHOWN_WARNINGS : 0);
  const { warningCount } = batch;
  return (
    <Alert
      color={isUndecided ? 'yellow' : 'gray'}
      icon={<IconAlertTriangle aria-hidden />}
      title={t('warnings', { count: warningCount, rows: format.number(warningCount) })}
    >
      {isUndecided && (
        <Text size="sm" mb="xs">
          {t('warningsHint')}
        </Text>
      )}
      <List size="sm" spacing={4}>
        {shown.map(({ index, code, message }) => (
          <List.Item key={`${index} ${code}`}>
            <strong>{t('warningRow', { row: format.number(index + 1) })}</strong>
            {language === 'zh' ? `：${issueTextZh({ code, message, value: null })}` : `: ${message}`}
          </List.Item>
        ))}
      </List>
      {warnings.length > shown.length && (
        <Button size="xs" variant="default" mt="xs" onClick={() => setAllShown(true)}>
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
