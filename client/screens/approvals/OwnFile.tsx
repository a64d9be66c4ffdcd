import { Alert, Button, Card, Group, List, Loader, Select, Stack, Text, Title } from '@mantine/core';
import '@mantine/dropzone/styles.css';
import { Dropzone } from '@mantine/dropzone';
import { IconFileCheck, IconFileUpload } from '@tabler/icons-react';
import { MAX_IMPORT_FILE_BYTES } from '../../../core/limits.ts';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { CheckOutcome, OwnFileOutcome } from '../../signing/checkerProtocol.ts';
import type { SoundRequest } from '../../signing/servedRequest.ts';
import type { OwnFileChoice, RequestCheck } from '../../signing/useRequestCheck.ts';
import { issueTextZh } from '../import/issueTextZh.ts';
import { checkMessages } from './checkMessages.ts';
import { ProofHelp } from './ProofHelp.tsx';
import { signedAmount } from './signedAmount.ts';

/** The approver's own file: read here, compared with the bytes to be signed, sent nowhere. */
export function OwnFile(props: {
  file: OwnFileChoice | null;
  check: RequestCheck;
  choose(file: OwnFileChoice | null): void;
}) {
  const t = useMessages(checkMessages);
  const { file, check, choose } = props;
  const outcome = check.kind === 'DONE' ? check.outcome : null;
  const sheets = outcome?.ownFile?.sheets ?? [];
  return (
    <Card component="section" aria-labelledby="own-file">
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4" id="own-file">
            {t('fileHeading')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('fileHint')}
          </Text>
        </div>
        <Dropzone
          onDrop={([blob]) => {
            if (blob !== undefined) choose({ blob, sheet: null });
          }}
          maxSize={MAX_IMPORT_FILE_BYTES}
          maxFiles={1}
          multiple={false}
          p="md"
          inputProps={{ 'aria-label': t('fileChoose') }}
        >
          <Group justify="center" gap="sm" wrap="nowrap">
            {file === null ? <IconFileUpload aria-hidden /> : <IconFileCheck aria-hidden />}
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {file === null ? t('fileChoose') : file.blob.name}
            </Text>
          </Group>
        </Dropzone>
        {file !== null && (
          <Group justify="space-between" align="flex-end">
            {sheets.length > 1 && (
              <Select
                label={t('fileSheet')}
                data={[...sheets]}
                value={file.sheet ?? sheets[0] ?? null}
                onChange={(sheet) => choose({ ...file, sheet })}
                allowDeselect={false}
              />
            )}
            <Button variant="default" size="xs" onClick={() => choose(null)}>
              {t('fileRemove')}
            </Button>
          </Group>
        )}
        <div aria-live="polite">
          {outcome !== null && <Verdict outcome={outcome} />}
          {file !== null && check.kind === 'LOADING' && (
            <Group gap="xs">
              <Loader size="xs" />
              <Text size="sm">{t('checking')}</Text>
            </Group>
          )}
        </div>
        <ProofHelp />
      </Stack>
    </Card>
  );
}

function Verdict({ outcome: { checked, ownFile } }: { outcome: CheckOutcome }) {
  const t = useMessages(checkMessages);
  if (ownFile?.kind === 'FAULTY') return <Faults faulty={ownFile} />;
  // What differs is told in the refusal.
  if (checked.kind === 'REFUSED') return null;
  if (ownFile === null || checked.file.kind === 'NOT_GIVEN') {
    return (
      <Alert color="yellow" role="note" title={t('notCompared')}>
        {t('notComparedText')}
      </Alert>
    );
  }
  return <Matches sound={checked} units={ownFile.units} />;
}

function Matches({ sound: { file, facts }, units }: { sound: SoundRequest; units: bigint }) {
  const t = useMessages(checkMessages);
  const format = useFormat();
  const amount = (value: bigint) =>
    `${format.amount(signedAmount(value, facts.token).amount)} ${facts.token.symbol}`;
  if (file.kind === 'MATCHES') {
    return (
      <Alert color="teal" role="note" title={t('matches')} icon={<IconFileCheck aria-hidden />}>
        {t('matchesText', { count: file.rowCount, total: amount(units) })}
      </Alert>
    );
  }
  if (file.kind !== 'PARTLY') return null;
  const named = file.uncheckedRows.map((row) => format.number(row)).join(', ');
  return (
    <Alert color="yellow" role="note" title={t('partly')}>
      {t('partlyText', {
        checked: format.number(file.checkedCount),
        count: format.number(file.uncheckedRowCount),
        rows: file.uncheckedRowCount > file.uncheckedRows.length ? `${named} …` : named,
        payouts: format.number(file.uncheckedPayoutCount),
        total: amount(file.uncheckedUnits),
      })}
    </Alert>
  );
}

function Faults({ faulty }: { faulty: Extract<OwnFileOutcome, { kind: 'FAULTY' }> }) {
  const t = useMessages(checkMessages);
  const language = useLanguage();
  return (
    <Alert color="red" role="note" title={t('fileFaulty')}>
      <Text size="sm">{t('fileFaultyText', { count: faulty.errorCount })}</Text>
      <List size="sm" mt={4}>
        {faulty.issues.map((issue) => (
          <List.Item key={`${issue.row} ${issue.code} ${issue.column}`}>
            {t('fileRow', {
              row: issue.row,
              message: language === 'zh' ? issueTextZh(issue) : issue.message,
            })}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
