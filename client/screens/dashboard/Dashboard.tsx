import { SimpleGrid, Stack } from '@mantine/core';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import type { DashboardQuery } from '../../generated/operationTypes.ts';
import { DashboardDocument } from '../../generated/screens/dashboard/dashboard.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { Activity } from './Activity.tsx';
import { Balances } from './Balances.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import { dashboardMessages } from './messages.ts';
import { Volume } from './Volume.tsx';
import { Waiting } from './Waiting.tsx';

export type DashboardOrganization = NonNullable<DashboardQuery['organization']>;

/** What there is, what waits for the viewer, what happens, and what was paid. */
export function Dashboard() {
  const t = useMessages(dashboardMessages);
  const { organization } = useOrganization();
  const result = useLiveQuery({
    query: DashboardDocument,
    variables: { organizationId: organization.id },
    // Payouts that move on change neither balances nor what waits: the account paid when the batch was opened.
    concerns: ({ type }) => type !== 'PAYOUTS_CHANGED',
  });
  return (
    <>
      <PageTitle title={t('title')} />
      <LiveContent result={result} select={(data) => data.organization}>
        {(shown) => <Content organization={shown} />}
      </LiveContent>
    </>
  );
}

function Content({ organization }: { organization: DashboardOrganization }) {
  const hasAccount = organization.accounts.edges.some(({ node }) => node.status !== 'REFUSED');
  const hasBatch = organization.payoutBatches.edges.length > 0;
  return (
    <Stack gap="md">
      {(!hasAccount || !hasBatch) && <FirstSteps hasAccount={hasAccount} hasBatch={hasBatch} />}
      {hasAccount && <Balances accounts={organization.accounts} />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Stack gap="md">
          <Waiting organization={organization} />
          <Volume organizationId={organization.id} />
        </Stack>
        <Activity />
      </SimpleGrid>
    </Stack>
  );
}
