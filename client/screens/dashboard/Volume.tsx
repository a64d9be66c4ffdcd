import { Loader, Table, Text } from '@mantine/core';
import { Amount } from '../../components/Amount.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { Section } from '../../components/Section.tsx';
import type { DashboardVolumeQuery } from '../../generated/operationTypes.ts';
import { DashboardVolumeDocument } from '../../generated/screens/dashboard/dashboard.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import classes from './dashboard.module.css';
import { dashboardMessages } from './messages.ts';
import { VolumeChart } from './VolumeChart.tsx';

const SHOWN_DAYS = 30;

export type VolumeEntry = NonNullable<DashboardVolumeQuery['organization']>['payoutVolume'][number];

/** What became final, by day and asset: drawn, and in a table for who cannot see a drawing. */
export function Volume({ organizationId }: { organizationId: string }) {
  const t = useMessages(dashboardMessages);
  const result = useLiveQuery({
    query: DashboardVolumeDocument,
    variables: { organizationId, days: SHOWN_DAYS },
    concerns: (event) =>
      event.__typename === 'PayoutsChanged' && event.changes.some(({ status }) => status === 'FINAL'),
  });
  const entries = result.data?.organization?.payoutVolume ?? [];
  return (
    <Section title={t('volume')} hint={t('volumeHint', { days: SHOWN_DAYS })}>
      {result.isLoading && <Loader type="dots" size="sm" />}
      {result.error !== undefined && result.data === undefined && (
        <ErrorState error={result.error} retry={result.refresh} />
      )}
      {result.data !== undefined && entries.length === 0 && (
        <Text c="dimmed" size="sm">
          {t('noVolume', { days: SHOWN_DAYS })}
        </Text>
      )}
      {entries.length > 0 && (
        <>
          <VolumeChart entries={entries} days={SHOWN_DAYS} label={t('chart')} />
          <details>
            <summary className={classes.summary}>{t('table')}</summary>
            <VolumeTable entries={entries} />
          </details>
        </>
      )}
    </Section>
  );
}

function VolumeTable({ entries }: { entries: readonly VolumeEntry[] }) {
  const t = useMessages(dashboardMessages);
  const format = useFormat();
  return (
    <Table verticalSpacing={6} aria-label={t('volume')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('day')}</Table.Th>
          <Table.Th scope="col" ta="end">
            {t('paid')}
          </Table.Th>
          <Table.Th scope="col" ta="end">
            {t('count')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map(({ day, total, payoutCount }) => (
          <Table.Tr key={`${day} ${total.asset.id}`}>
            <Table.Td>{format.day(day)}</Table.Td>
            <Table.Td ta="end">
              <Amount money={total} />
            </Table.Td>
            <Table.Td ta="end">{format.number(payoutCount)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
