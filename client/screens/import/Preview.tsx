import { Card, SimpleGrid, Stack, Text, VisuallyHidden } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Amount } from '../../components/Amount.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { SourceAccount, SourceChain } from '../source/sourceTypes.ts';
import { FirstRows } from './FirstRows.tsx';
import { ALL_ISSUES, type IssueFilter } from './filterIssues.ts';
import { IssueList } from './IssueList.tsx';
import type { ImportPreview } from './importTypes.ts';
import { LookAlikes } from './LookAlikes.tsx';
import { NEW_RECIPIENT_COLOR } from './newRecipientColor.ts';
import { Parts } from './Parts.tsx';
import { previewMessages } from './previewMessages.ts';
import { SplitChoice } from './SplitChoice.tsx';
import type { Checked } from './useCheck.ts';
import { Verdict } from './Verdict.tsx';

/** Under which what is said is of the last file, until the next one is checked. */
const OLD_OPACITY = 0.55;

/**
 * What the server says of the file: sums, faults, first rows. It stays while the next file is on its way, so that nobody
 * loses their place.
 */
export function Preview(props: {
  checked: Checked;
  isOld: boolean;
  chains: readonly SourceChain[];
  accounts: readonly SourceAccount[];
  mainAssetId: string | null;
  split: Readonly<Record<string, string>>;
  chooseSplit(assetId: string, accountId: string | null): void;
}) {
  const t = useMessages(previewMessages);
  const { checked, isOld, split } = props;
  const { answer, changes } = checked;
  const { preview, issues, issueCount } = answer;
  const [filter, setFilter] = useState<IssueFilter>(ALL_ISSUES);
  const isSplit =
    Object.keys(split).length > 0 || issues.some(({ code }) => code === 'NO_ACCOUNT_FOR_DESTINATION');
  return (
    <Stack
      gap="md"
      component="section"
      aria-busy={isOld}
      style={isOld ? { opacity: OLD_OPACITY } : undefined}
    >
      <VisuallyHidden component="h2">{t('heading')}</VisuallyHidden>
      {answer.userErrors.length === 0 && <Verdict checked={checked} />}
      {isSplit && (
        <SplitChoice
          chains={props.chains}
          accounts={props.accounts}
          mainAssetId={props.mainAssetId}
          split={split}
          choose={props.chooseSplit}
        />
      )}
      <LookAlikes
        issues={issues}
        showOnly={() => setFilter({ severity: 'WARNING', code: 'POSSIBLE_ADDRESS_POISONING' })}
      />
      {(issueCount > 0 || filter !== ALL_ISSUES) && (
        <IssueList
          issues={issues}
          issueCount={issueCount}
          errorCount={answer.errorCount}
          added={changes?.added ?? null}
          filter={filter}
          setFilter={setFilter}
        />
      )}
      {preview !== null && (
        <>
          <Counts preview={preview} />
          <Parts parts={preview.parts} />
          <FirstRows rows={preview.rows} />
        </>
      )}
    </Stack>
  );
}

function Counts({ preview }: { preview: ImportPreview }) {
  const t = useMessages(previewMessages);
  const format = useFormat();
  const { rowCount, acceptedCount, newRecipientCount, payeeCount, ignoredColumns, total } = preview;
  const rows = format.number(rowCount);
  return (
    <Card>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
        <Count label={t('total')} value={<Amount money={total} />} />
        <Count
          label={t('rows')}
          value={rows}
          hint={
            acceptedCount === rowCount ? null : t('ofRows', { accepted: format.number(acceptedCount), rows })
          }
        />
        <Count
          label={t('newRecipients')}
          value={format.number(newRecipientCount)}
          hint={newRecipientCount > 0 ? t('newRecipientsHint') : null}
          isRed={newRecipientCount > 0}
        />
        <Count label={t('payees')} value={format.number(payeeCount)} />
      </SimpleGrid>
      {ignoredColumns.length > 0 && (
        <Text size="sm" c="dimmed" mt="md" style={{ overflowWrap: 'anywhere' }}>
          {t('ignored', { columns: ignoredColumns.join(', ') })}
        </Text>
      )}
    </Card>
  );
}

function Count(props: { label: string; value: ReactNode; hint?: string | null; isRed?: boolean }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {props.label}
      </Text>
      <Text
        fz="xl"
        fw={650}
        component="div"
        style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}
        {...(props.isRed === true ? { c: NEW_RECIPIENT_COLOR } : {})}
      >
        {props.value}
      </Text>
      {props.hint != null && (
        <Text size="xs" c="dimmed">
          {props.hint}
        </Text>
      )}
    </div>
  );
}
