import { Chip, Group, VisuallyHidden } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { PageTitle } from '../../components/PageTitle.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { BatchList } from './BatchList.tsx';
import { BATCH_FILTERS, type BatchFilter, readBatchFilter } from './batchFilters.ts';
import { ImportButton } from './ImportButton.tsx';
import { batchMessages } from './messages.ts';
import { PayOneButton } from './PayOneButton.tsx';

/** All batches of the organization, newest first, as far as they are asked for. */
export function Batches() {
  const t = useMessages(batchMessages);
  const { may } = useOrganization();
  const [query, setQuery] = useSearchParams();
  const filter = readBatchFilter(query);
  const choose = (next: string) => setQuery(next === 'all' ? {} : { show: next }, { replace: true });
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('lead')}
        actions={
          <>
            {may('BATCH_CREATE') && may('BATCH_SUBMIT') && <PayOneButton />}
            {may('BATCH_CREATE') && <ImportButton />}
          </>
        }
      />
      <Chip.Group multiple={false} value={filter} onChange={choose}>
        <Group gap={6} mb="md" role="group" aria-label={t('filter')}>
          {(Object.keys(BATCH_FILTERS) as BatchFilter[]).map((name) => (
            <Chip key={name} value={name} size="sm" variant="light">
              {t(name)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <VisuallyHidden component="h2">{t('list')}</VisuallyHidden>
      <BatchList key={filter} filter={filter} showAll={() => choose('all')} />
    </>
  );
}
