import { Button, Card, Chip, Group, Stack, Title } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import type { ApprovalStatus } from '../../generated/operationTypes.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { ApprovalList } from './ApprovalList.tsx';
import { approvalMessages } from './messages.ts';

const FILTERS = {
  all: null,
  PENDING: ['PENDING'],
  APPROVED: ['APPROVED'],
  EXECUTED: ['EXECUTED'],
  ended: ['REJECTED', 'STALE', 'EXPIRED', 'CANCELLED'],
} as const satisfies Record<string, readonly ApprovalStatus[] | null>;
type Filter = keyof typeof FILTERS;

/** What waits for the viewer, then everything else that was or is to be approved. */
export function Approvals() {
  const t = useMessages(approvalMessages);
  const { may } = useOrganization();
  const [query, setQuery] = useSearchParams();
  const shown = query.get('show') ?? 'all';
  const filter: Filter = Object.hasOwn(FILTERS, shown) ? (shown as Filter) : 'all';
  return (
    <>
      <PageTitle title={t('title')} hint={t('lead')} />
      <Stack gap="xl">
        <Stack component="section" gap="sm" aria-labelledby="mine">
          <Title order={2} size="h4" id="mine">
            {t('mine')}
          </Title>
          <ApprovalList
            isMine
            status={null}
            empty={
              <Card p={0}>
                <EmptyState
                  title={t('mineEmpty')}
                  hint={t('mineEmptyHint')}
                  icon={<IconChecks size={26} aria-hidden />}
                />
              </Card>
            }
          />
        </Stack>
        <Stack component="section" gap="sm" aria-labelledby="others">
          <Group justify="space-between" gap="xs">
            <Title order={2} size="h4" id="others">
              {t('others')}
            </Title>
            <Chip.Group
              multiple={false}
              value={filter}
              onChange={(next) => setQuery(next === 'all' ? {} : { show: next }, { replace: true })}
            >
              <Group gap={6} role="group" aria-label={t('filter')}>
                {(Object.keys(FILTERS) as Filter[]).map((name) => (
                  <Chip key={name} value={name} size="sm" variant="light">
                    {t(`filter_${name}`)}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </Group>
          <ApprovalList
            key={filter}
            isMine={false}
            status={FILTERS[filter]}
            empty={
              <EmptyState
                title={t('othersEmpty')}
                hint={t('othersEmptyHint')}
                action={
                  may('BATCH_CREATE') && (
                    <Button component={Link} to="/batches/import" variant="light">
                      {t('toImport')}
                    </Button>
                  )
                }
              />
            }
          />
        </Stack>
      </Stack>
    </>
  );
}
