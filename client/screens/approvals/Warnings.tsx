import { Alert, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ApprovalDetailQuery } from '../../generated/operationTypes.ts';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { SoundRequest } from '../../signing/servedRequest.ts';
import { issueTextZh } from '../import/issueTextZh.ts';
import { checkMessages } from './checkMessages.ts';
import { PaidBefore } from './PaidBefore.tsx';
import { StrongNote } from './StrongNote.tsx';
import { usePayoutNumbers } from './usePayoutNumbers.ts';

type Batch = NonNullable<ApprovalDetailQuery['approval']>['subject'];
type Warning = Batch['warnings'][number];

const MAX_SAID_SINGLY = 20;
/** Whose sentences name addresses that differ from warning to warning. */
const OF_ADDRESSES: readonly string[] = [
  'POSSIBLE_ADDRESS_POISONING',
  'PAYEE_ADDRESS_CHANGED',
  'PAYEE_ADDRESS_DIFFERS',
];
const GROUPED = {
  PAYOUT_DUPLICATE: 'import_PAYOUT_DUPLICATE',
  PAYEE_AMBIGUOUS: 'import_PAYEE_AMBIGUOUS',
} as const;

/** Of a payout whose reference another batch carries. */
export function isPaidBefore({ code }: Pick<Warning, 'code'>): boolean {
  return code === 'REFERENCE_PAID_BEFORE';
}

/** What to look at twice: of the bytes as computed here, and of the import as the server tells it. */
export function Warnings(props: { sound: SoundRequest; batch: Batch; organizationId: string }) {
  const t = useMessages(checkMessages);
  const { sound, batch, organizationId } = props;
  const paidBefore = batch.warnings.filter(isPaidBefore);
  const ofAddresses = batch.warnings.filter(({ code }) => OF_ADDRESSES.includes(code));
  return (
    <>
      <PaidBefore warnings={paidBefore} batchId={batch.id} organizationId={organizationId} />
      {ofAddresses.length > 0 && (
        <StrongNote title={t('addressWarnings', { count: ofAddresses.length })}>
          <List size="sm" spacing={4}>
            {ofAddresses.slice(0, MAX_SAID_SINGLY).map((warning) => (
              <SingleWarning key={`${warning.index} ${warning.code}`} warning={warning} />
            ))}
          </List>
          {ofAddresses.length > MAX_SAID_SINGLY && (
            <Text size="sm">{t('moreWarnings', { shown: MAX_SAID_SINGLY, count: ofAddresses.length })}</Text>
          )}
        </StrongNote>
      )}
      <OddWarnings sound={sound} batch={batch} strongCount={paidBefore.length + ofAddresses.length} />
    </>
  );
}

/** What is merely odd. */
function OddWarnings(props: { sound: SoundRequest; batch: Batch; strongCount: number }) {
  const t = useMessages(checkMessages);
  const { sound, batch, strongCount } = props;
  const count = batch.warningCount - strongCount;
  const listed = batch.warnings.filter(({ code }) => !isPaidBefore({ code }) && !OF_ADDRESSES.includes(code));
  if (sound.warnings.length === 0 && count === 0) return null;
  return (
    <Alert color="orange" role="note" title={t('warnings')} icon={<IconAlertTriangle aria-hidden />}>
      <Stack gap="xs">
        {sound.warnings.length > 0 && (
          <List size="sm" spacing={4}>
            {sound.warnings.map((code) => (
              <List.Item key={code}>{t(`warning_${code}`)}</List.Item>
            ))}
          </List>
        )}
        {count > 0 && (
          <div>
            <Text size="sm" fw={650}>
              {t('importWarnings', { count })}
            </Text>
            <List size="sm" spacing={4} mt={4}>
              {[...Map.groupBy(listed, ({ code }) => code)].map(([code, found]) => (
                <GroupedWarnings key={code} code={code} found={found} />
              ))}
            </List>
            {count > listed.length && (
              <Text size="sm" mt={4}>
                {t('moreWarnings', { shown: listed.length, count })}
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
  const numbersOf = usePayoutNumbers();
  const key = Object.hasOwn(GROUPED, code) ? GROUPED[code as keyof typeof GROUPED] : 'import_unknown';
  return (
    <List.Item>
      {t(key)} {t('ofPayouts', { count: found.length, numbers: numbersOf(found) })}
    </List.Item>
  );
}
