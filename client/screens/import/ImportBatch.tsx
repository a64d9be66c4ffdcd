import { Anchor, Button, Menu } from '@mantine/core';
import { IconBuildingBank, IconFileDownload, IconLock } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '../../components/EmptyState.tsx';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import { ImportChoicesDocument } from '../../generated/screens/import/import.ts';
import { useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { ImportForm } from './ImportForm.tsx';
import { importMessages } from './messages.ts';

const ICON_PX = 18;
const TEMPLATE_KINDS = ['xlsx', 'csv'] as const;
/** What the choices are made of: accounts, and what they hold. */
const CONCERNING: readonly string[] = ['ACCOUNT', 'TRANSFER', 'PAYOUT_BATCH'];

/** A file becomes a draft: dropped, checked by the server, mended, dropped again, and only then written. */
export function ImportBatch() {
  const t = useMessages(importMessages);
  const { organization, may } = useOrganization();
  const result = useLiveQuery({
    query: ImportChoicesDocument,
    variables: { organizationId: organization.id },
    concerns: ({ type }) => CONCERNING.some((subject) => type.startsWith(subject)),
  });
  // Nobody may READ before it is known what they may.
  if (may('READ') && !may('BATCH_CREATE')) return <MayNot />;
  return (
    <>
      <PageTitle title={t('title')} hint={t('lead')} actions={<Templates />} />
      <LiveContent result={result} select={(data) => data.organization && data}>
        {({ chains, organization: found }) => {
          const accounts = found?.accounts.edges.map(({ node }) => node) ?? [];
          const active = accounts.filter(({ status }) => status === 'ACTIVE');
          if (active.length === 0) return <NoAccount />;
          return <ImportForm key={organization.id} chains={chains} accounts={active} />;
        }}
      </LiveContent>
    </>
  );
}

function MayNot() {
  const t = useMessages(importMessages);
  return (
    <>
      <PageTitle title={t('title')} />
      <EmptyState title={t('mayNot')} hint={t('mayNotHint')} icon={<IconLock size={26} />} />
    </>
  );
}

function NoAccount() {
  const t = useMessages(importMessages);
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

/** Files to begin with, in the language of now. */
function Templates() {
  const t = useMessages(importMessages);
  const language = useLanguage();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconFileDownload size={ICON_PX} stroke={1.6} aria-hidden />}>
          {t('templates')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {TEMPLATE_KINDS.map((kind) => (
          <Menu.Item
            key={kind}
            component="a"
            href={`/templates/payroll-template.${language}.${kind}`}
            download
          >
            {t(`template_${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
