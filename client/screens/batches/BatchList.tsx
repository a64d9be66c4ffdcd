import { Button } from '@mantine/core';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PagedList } from '../../components/PagedList.tsx';
import { usePages } from '../../components/usePages.ts';
import { BatchesDocument } from '../../generated/screens/batches/batches.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { LiveEvent } from '../../live/LiveProvider.tsx';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { BatchItem } from './BatchItem.tsx';
import classes from './batches.module.css';
import { BATCH_FILTERS, type BatchFilter } from './batchFilters.ts';
import { ImportButton } from './ImportButton.tsx';
import { batchMessages } from './messages.ts';

const PAGE_SIZE = 20;

/** The batches of one filter, newest first, as far as they are asked for. */
export function BatchList({ filter, showAll }: { filter: BatchFilter; showAll(): void }) {
  const t = useMessages(batchMessages);
  const { organization } = useOrganization();
  const pages = usePages({
    query: BatchesDocument,
    variables: { organizationId: organization.id, status: BATCH_FILTERS[filter]?.slice() ?? null },
    pageSize: PAGE_SIZE,
    select: (data) => data.organization?.payoutBatches,
    keyOf: ({ id }) => id,
    concerns: isAboutBatches,
  });
  return (
    <PagedList
      pages={pages}
      more={t('more')}
      gap="xs"
      empty={<NoBatches filter={filter} showAll={showAll} />}
    >
      {({ nodes }) => (
        <ul className={classes.list} aria-label={t('list')}>
          {nodes.map((node) => (
            <BatchItem key={node.id} batch={node} />
          ))}
        </ul>
      )}
    </PagedList>
  );
}

function isAboutBatches({ type }: LiveEvent): boolean {
  return /^(PAYOUT|APPROVAL|TRANSFER|ACCOUNT|CHAIN)/.test(type);
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
