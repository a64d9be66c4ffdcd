import { Alert, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { previewMessages } from './previewMessages.ts';
import type { Checked } from './useCheck.ts';

/** Whether the file can become a draft, and what became of its faults since the last one. */
export function Verdict({ checked }: { checked: Checked }) {
  const t = useMessages(previewMessages);
  const format = useFormat();
  const { errorCount, issueCount, preview } = checked.answer;
  const warningCount = issueCount - errorCount;
  const isGood = errorCount === 0;
  const errors = checked.answer.issues.filter(({ severity }) => severity === 'ERROR');
  const isSplitMissing = errors.some(({ code }) => code === 'NO_ACCOUNT_FOR_DESTINATION');
  const isSplitOnly = !isGood && errors.every(({ code }) => code === 'NO_ACCOUNT_FOR_DESTINATION');
  const rowCount = preview?.rowCount ?? 0;
  return (
    <Alert
      role="status"
      color={isGood ? 'teal' : 'red'}
      icon={isGood ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={
        isGood
          ? t('good', { count: rowCount, rows: format.number(rowCount) })
          : t('bad', { count: errorCount, faults: format.number(errorCount) })
      }
    >
      <Stack gap={4}>
        <Changes checked={checked} />
        {warningCount > 0 && (
          <Text size="sm">{t('warnings', { count: warningCount, faults: format.number(warningCount) })}</Text>
        )}
        {isSplitMissing && <Text size="sm">{t('badSplitHint')}</Text>}
        {!isSplitOnly && <Text size="sm">{t(isGood ? 'goodHint' : 'badHint')}</Text>}
      </Stack>
    </Alert>
  );
}

function Changes({ checked: { changes } }: { checked: Checked }) {
  const t = useMessages(previewMessages);
  const format = useFormat();
  if (changes === null || (changes.earlierCount === 0 && changes.added.size === 0)) return null;
  const { goneCount, added, earlierCount } = changes;
  return (
    <Text size="sm" fw={600}>
      {goneCount === 0 && added.size === 0
        ? t('goneNothing')
        : t(earlierCount === 0 ? 'onlyNew' : 'gone', {
            count: added.size,
            gone: format.number(goneCount),
            earlier: format.number(earlierCount),
            added: format.number(added.size),
          })}
    </Text>
  );
}
