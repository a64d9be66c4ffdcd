import { Card, Group, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { countKinds, filterIssues, type IssueFilter } from './filterIssues.ts';
import { IssueRow } from './IssueRow.tsx';
import classes from './import.module.css';
import type { ImportIssue } from './importTypes.ts';
import { issueMessages } from './issueMessages.ts';
import { issueTitles } from './issueTitles.ts';

const ESTIMATED_ROW_PX = 76;
const OVERSCAN_ROWS = 8;

/** Everything that is wrong or worth a look, row by row, by how much it weighs and by kind. */
export function IssueList(props: {
  issues: readonly ImportIssue[];
  /** How many there are, listed or not. */
  issueCount: number;
  errorCount: number;
  /** Those that the last file did not have; null where there was none. */
  added: ReadonlySet<ImportIssue> | null;
  filter: IssueFilter;
  setFilter(filter: IssueFilter): void;
}) {
  const t = useMessages(issueMessages);
  const format = useFormat();
  const { issues, issueCount, filter } = props;
  const shown = useMemo(() => filterIssues(issues, filter), [issues, filter]);
  return (
    <Card component="section" aria-labelledby="import-issues">
      <Stack gap="sm">
        <Title order={2} size="h4" id="import-issues">
          {t('heading')}
        </Title>
        <Filters {...props} />
        {issueCount > issues.length && (
          <Text size="sm" c="dimmed">
            {t('onlyFirst', { shown: format.number(issues.length), rows: format.number(issueCount) })}
          </Text>
        )}
        <Rows issues={shown} added={props.added} />
      </Stack>
    </Card>
  );
}

function Filters(props: Parameters<typeof IssueList>[0]) {
  const t = useMessages(issueMessages);
  const title = useMessages(issueTitles);
  const format = useFormat();
  const { issues, issueCount, errorCount, filter, setFilter } = props;
  const counts = { ERROR: errorCount, WARNING: issueCount - errorCount };
  const kinds = countKinds(issues);
  // What was chosen stays chosen when there is nothing of it any more.
  if (filter.code !== null && kinds.every(({ code }) => code !== filter.code))
    kinds.push({ code: filter.code, count: 0 });
  return (
    <Group gap="sm" align="flex-end">
      <SegmentedControl
        aria-label={t('severity')}
        value={filter.severity ?? 'all'}
        onChange={(chosen) =>
          setFilter({ ...filter, severity: chosen === 'all' ? null : (chosen as 'ERROR' | 'WARNING') })
        }
        data={[
          { value: 'all', label: t('all', { rows: format.number(issueCount) }) },
          { value: 'ERROR', label: t('ERROR', { rows: format.number(counts.ERROR) }) },
          { value: 'WARNING', label: t('WARNING', { rows: format.number(counts.WARNING) }) },
        ]}
      />
      <Select
        aria-label={t('kind')}
        placeholder={t('everyKind')}
        value={filter.code}
        onChange={(code) => setFilter({ ...filter, code: code as IssueFilter['code'] })}
        data={kinds.map(({ code, count }) => ({
          value: code,
          label: t('ofKind', { title: title(code), rows: format.number(count) }),
        }))}
        clearable
        style={{ flex: '1 1 220px', maxWidth: 340 }}
      />
    </Group>
  );
}

function Rows({ issues, added }: { issues: readonly ImportIssue[]; added: ReadonlySet<ImportIssue> | null }) {
  const t = useMessages(issueMessages);
  const scroller = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: issues.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATED_ROW_PX,
    overscan: OVERSCAN_ROWS,
  });
  if (issues.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('none')}
      </Text>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <section ref={scroller} className={classes.issues} tabIndex={0} aria-label={t('list')}>
      <ul className={classes.issueRows} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const issue = issues[index];
          if (issue === undefined) return null;
          return (
            <li
              key={index}
              ref={virtualizer.measureElement}
              data-index={index}
              aria-setsize={issues.length}
              aria-posinset={index + 1}
              className={classes.issueRow}
              style={{ transform: `translateY(${start}px)` }}
            >
              <IssueRow issue={issue} isNew={added?.has(issue) ?? false} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
