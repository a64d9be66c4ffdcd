import { Anchor } from '@mantine/core';
import { IconBuildingBank, IconLock } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '../../components/EmptyState.tsx';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import { ImportChoicesDocument } from '../../generated/screens/import/import.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { payMessages } from './messages.ts';
import { PayForm } from './PayForm.tsx';

/** What the choices are made of: accounts, and what they hold. */
const CONCERNING: readonly string[] = ['ACCOUNT', 'TRANSFER', 'PAYOUT_BATCH'];

/** One payment without a file: submitted at once, and approved like every batch. */
export function PayOne() {
  const t = useMessages(payMessages);
  const { organization, may } = useOrganization();
  const result = useLiveQuery({
    query: ImportChoicesDocument,
    variables: { organizationId: organization.id },
    concerns: ({ type }) => CONCERNING.some((subject) => type.startsWith(subject)),
  });
  // Nobody may READ before it is known what they may.
  const mayNot = may('READ') && !(may('BATCH_CREATE') && may('BATCH_SUBMIT'));
  if (mayNot) {
    return (
      <>
        <PageTitle title={t('title')} />
        <EmptyState title={t('mayNot')} hint={t('mayNotHint')} icon={<IconLock size={26} />} />
      </>
    );
  }
  return (
    <>
      <PageTitle title={t('title')} hint={t('lead')} />
      <LiveContent result={result} select={(data) => data.organization && data}>
        {({ chains, organization: found }) => {
          const accounts = found?.accounts.edges.map(({ node }) => node) ?? [];
          const active = accounts.filter(({ status }) => status === 'ACTIVE');
          if (active.length === 0) return <NoAccount />;
          return <PayForm key={organization.id} chains={chains} accounts={active} />;
        }}
      </LiveContent>
    </>
  );
}

function NoAccount() {
  const t = useMessages(payMessages);
  return (
    <EmptyState
      title={t('noAccount')}
      hint={t('noAccountHint')}
      icon={<IconBuildingBank size={26} />}
      action={
        <Anchor component={Link} to="/accounts">
          {t('toAccounts')}
        </Anchor>
      }
    />
  );
}
