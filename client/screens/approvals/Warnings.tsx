import { Alert, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ApprovalDetailQuery } from '../../generated/operationTypes.ts';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { SoundRequest } from '../../signing/servedRequest.ts';
import { issueTextZh } from '../import/issueTextZh.ts';
import { checkMessages } from './checkMessages.ts';

type Batch = NonNullable<ApprovalDetailQuery['approval']>['subject'];
type Warning = Batch['warnings'][number];

const MAX_SAID_SINGLY = 20;
const MAX_NUMBERS_NAMED = 8;
/** Whose sentences name addresses that differ from warning to warning. */
const SAID_SINGLY: readonly string[] = ['POSSIBLE_ADDRESS_POISONING', 'PAYEE_ADDRESS_DIFFERS'];
const GROUPED = {
  PAYOUT_DUPLICATE: 'import_PAYOUT_DUPLICATE',
  REFERENCE_PAID_BEFORE: 'import_REFERENCE_PAID_BEFORE',
  PAYEE_AMBIGUOUS: 'import_PAYEE_AMBIGUOUS',
} as const;

/** What to look at twice: of the bytes as computed here, and of the import as the server tells it. */
export function Warnings({ sound, batch }: { sound: SoundRequest; batch: Batch }) {
  const t = useMessages(checkMessages);
  const { warnings } = sound;
  if (warnings.length === 0 && batch.warningCount === 0) return null;
  const single = batch.warnings.filter(({ code }) => SAID_SINGLY.includes(code)).slice(0, MAX_SAID_SINGLY);
  const grouped = batch.warnings.filter(({ code }) => !SAID_SINGLY.includes(code));
  return (
    <Alert color="orange" role="note" title={t('warnings')} icon={<IconAlertTriangle aria-hidden />}>
      <Stack gap="xs">
        {warnings.length > 0 && (
          <List size="sm" spacing={4}>
            {warnings.map((code) => (
              <List.Item key={code}>{t(`warning_${code}`)}</List.Item>
            ))}
          </List>
        )}
        {batch.warningCount > 0 && (
          <div>
            <Text size="sm" fw={650}>
              {t('importWarnings', { count: batch.warningCount })}
            </Text>
            <List size="sm" spacing={4} mt={4}>
              {single.map((warning) => (
                <SingleWarning key={`${warning.index} ${warning.code}`} warning={warning} />
              ))}
              {[...Map.groupBy(grouped, ({ code }) => code)].map(([code, found]) => (
                <GroupedWarnings key={code} code={code} found={found} />
              ))}
            </List>
            {batch.warningCount > batch.warnings.length && (
              <Text size="sm" mt={4}>
                {t('moreWarnings', { shown: batch.warnings.length, count: batch.warningCount })}
              </Text>
            )}
          </div>
        )}
      </Stack>
    </Alert>
  );
}

function SingleWarning({ warning: { index, code, message } }: { warning: Warning }) {
  const t = useMessages(checkMessages);
  const format = useFormat();
  const language = useLanguage();
  const text = language === 'zh' ? issueTextZh({ code, message, value: null }) : message;
  return (
    <List.Item style={{ overflowWrap: 'anywhere' }}>
      {t('payoutSays', { number: format.number(index + 1), text })}
    </List.Item>
  );
}

function GroupedWarnings({ code, found }: { code: string; found: readonly Warning[] }) {
  const t = useMessages(checkMessages);
  const format = useFormat();
  const named = found.slice(0, MAX_NUMBERS_NAMED).map(({ index }) => format.number(index + 1));
  const numbers = found.length > named.length ? `${named.join(', ')} …` : named.join(', ');
  const key = Object.hasOwn(GROUPED, code) ? GROUPED[code as keyof typeof GROUPED] : 'import_unknown';
  return (
    <List.Item>
      {t(key)} {t('ofPayouts', { count: found.length, numbers })}
    </List.Item>
  );
}
