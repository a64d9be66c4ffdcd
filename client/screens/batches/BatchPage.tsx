import { Button, Center, Stack } from '@mantine/core';
import { useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { LiveContent } from '../../components/LiveContent.tsx';
import { BatchesDocument } from '../../generated/screens/batches/batches.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { LiveEvent } from '../../live/LiveProvider.tsx';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { BatchItem } from './BatchItem.tsx';
import classes from './batches.module.css';
import { BATCH_FILTERS, type BatchFilter } from './batchFilters.ts';
import { ImportButton } from './ImportButton.tsx';
import { batchMessages } from './messages.ts';

type BatchPageProps = {
  filter: BatchFilter;
  /** The position of the page before; null for the first. */
  after: string | null;
  showAll(): void;
};

/** One page of the list, and below it the next where it is asked for: when something moves, each follows the one before. */
export function BatchPage({ filter, after, showAll }: BatchPageProps) {
  const t = useMessages(batchMessages);
  const { organization } = useOrganization();
  const [isMoreShown, setMoreShown] = useState(false);
  const result = useLiveQuery({
    query: BatchesDocument,
    variables: { organizationId: organization.id, status: BATCH_FILTERS[filter]?.slice() ?? null, after },
    concerns: isAboutBatches,
  });
  return (
    <LiveContent result={result} select={(data) => data.organization?.payoutBatches}>
      {({ edges, pageInfo }) => {
        if (edges.length === 0 && after === null) return <NoBatches filter={filter} showAll={showAll} />;
        return (
          <Stack gap="xs">
            <ul className={classes.list} aria-label={t('list')}>
              {edges.map(({ node }) => (
                <BatchItem key={node.id} batch={node} />
              ))}
            </ul>
            {pageInfo.hasNextPage && isMoreShown && (
              <BatchPage filter={filter} after={pageInfo.endCursor} showAll={showAll} />
            )}
            {pageInfo.hasNextPage && !isMoreShown && (
              <Center>
                <Button variant="default" onClick={() => setMoreShown(true)}>
                  {t('more')}
                </Button>
              </Center>
            )}
          </Stack>
        );
      }}
    </LiveContent>
  );
}

function isAboutBatches({ type }: LiveEvent): boolean {
  return type.startsWith('PAYOUT') || type.startsWith('APPROVAL') || type.startsWith('TRANSFER');
}

function NoBatches({ filter, showAll }: { filter: BatchFilter; showAll(): void }) {
  const t = useMessages(batchMessages);
  const { may } = useOrganization();
  if (filter === 'all') {
    return (
      <EmptyState title={t('empty')} hint={t('emptyHint')} action={may('BATCH_CREATE') && <ImportButton />} />
    );
  }
  return (
    <EmptyState
      title={t('emptyFiltered')}
      hint={t('emptyFilteredHint')}
      action={
        <Button variant="light" onClick={showAll}>
          {t('showAll')}
        </Button>
      }
    />
  );
}
