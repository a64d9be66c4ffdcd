import { Alert, Card, List, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconUserExclamation } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ApprovalDetailQuery } from '../../generated/operationTypes.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { SignedRow } from '../../signing/checkerProtocol.ts';
import type { SoundRequest } from '../../signing/servedRequest.ts';
import type { useRequestCheck } from '../../signing/useRequestCheck.ts';
import { checkMessages } from './checkMessages.ts';
import { RowTable } from './PayoutRows.tsx';

type Batch = NonNullable<ApprovalDetailQuery['approval']>['subject'];
type ImportKey = Extract<(typeof checkMessages)['keys'][number], `import_${string}`>;
const MAX_WARNINGS_SHOWN = 20;
/** Red that can be read on both backgrounds. */
const RED = 'var(--mantine-color-error)';

/** Warnings: of the bytes as computed here, and of the import as the server tells them. */
export function Warnings({ sound, batch }: { sound: SoundRequest; batch: Batch }) {
  const t = useMessages(checkMessages);
  const { warnings } = sound;
  if (warnings.length === 0 && batch.warningCount === 0) return null;
  const shown = batch.warnings.slice(0, MAX_WARNINGS_SHOWN);
  const wordOf = (code: string) => {
    const key = `import_${code}` as ImportKey;
    return t((checkMessages.keys as readonly string[]).includes(key) ? key : 'import_unknown');
  };
  return (
    <Alert color="orange" title={t('warnings')} icon={<IconAlertTriangle aria-hidden />}>
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
              {shown.map(({ index, code }) => (
                <List.Item key={`${index} ${code}`}>
                  {t('payoutNumber', { number: index + 1 })}: {wordOf(code)}
                </List.Item>
              ))}
            </List>
            {batch.warningCount > shown.length && (
              <Text size="sm" mt={4}>
                {t('moreWarnings', { shown: shown.length, count: batch.warningCount })}
              </Text>
            )}
          </div>
        )}
      </Stack>
    </Alert>
  );
}

/** New recipients in red: that they are new the server says, who and how much is read from the bytes. */
export function NewRecipients(props: {
  sound: SoundRequest;
  batch: Batch;
  rows: ReturnType<typeof useRequestCheck>['rows'];
}) {
  const t = useMessages(checkMessages);
  const { sound, batch, rows } = props;
  const [found, setFound] = useState<readonly SignedRow[]>([]);
  const listed = batch.newPayouts.edges.map(({ node }) => node);
  const key = listed.map(({ index }) => index).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is which payouts, `sound` which manifest
  useEffect(() => {
    let isCurrent = true;
    rows({ kind: 'ROWS_AT', indexes: listed.map(({ index }) => index) }).then(
      (answer) => isCurrent && setFound(answer.rows),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [rows, key, sound]);
  if (batch.newRecipientCount === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('newRecipientsNone')}
      </Text>
    );
  const noteOf = (index: number) => {
    const payout = listed.find((each) => each.index === index);
    return [payout?.reference, payout?.memo].filter(Boolean).join(' · ') || null;
  };
  return (
    <Card component="section" aria-labelledby="new-recipients" style={{ borderColor: RED }}>
      <Stack gap="xs">
        <Title order={2} size="h4" id="new-recipients" c={RED}>
          <IconUserExclamation size={20} aria-hidden style={{ verticalAlign: '-3px' }} />{' '}
          {t('newRecipients', { count: batch.newRecipientCount })}
        </Title>
        <Text size="sm" c="dimmed">
          {t('newRecipientsHint')}
        </Text>
        <RowTable rows={found} token={sound.facts.token} color={RED} noteOf={noteOf} />
        {batch.newRecipientCount > listed.length && (
          <Text size="sm">
            {t('newRecipientsMore', { shown: listed.length, count: batch.newRecipientCount })}
          </Text>
        )}
      </Stack>
    </Card>
  );
}
