import { Anchor } from '@mantine/core';
import { IconBuildingBank, IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { EmptyState } from '../../components/EmptyState.tsx';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import { SourceChoicesDocument } from '../../generated/screens/source/source.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { sourceMessages } from './messages.ts';
import type { SourceAccount, SourceChain } from './sourceTypes.ts';

/** What the choices are made of: accounts, and what they hold. */
const CONCERNING: readonly string[] = ['ACCOUNT', 'TRANSFER', 'PAYOUT_BATCH'];
const ICON_PX = 26;

type Texts = Readonly<Record<'title' | 'lead' | 'mayNot' | 'mayNotHint' | 'noAccountHint', string>>;

/** A screen on which an account of the organization pays: the form, or why there is none. */
export function PayingScreen(props: {
  texts: Texts;
  isAllowed: boolean;
  actions?: ReactNode;
  /** @param accounts that can pay, at least one */
  form: (chains: readonly SourceChain[], accounts: readonly SourceAccount[]) => ReactNode;
}) {
  const { texts, form } = props;
  const { organization, may } = useOrganization();
  const result = useLiveQuery({
    query: SourceChoicesDocument,
    variables: { organizationId: organization.id },
    concerns: ({ type }) => CONCERNING.some((subject) => type.startsWith(subject)),
  });
  // Nobody may READ before it is known what they may.
  if (may('READ') && !props.isAllowed) {
    return (
      <>
        <PageTitle title={texts.title} />
        <EmptyState title={texts.mayNot} hint={texts.mayNotHint} icon={<IconLock size={ICON_PX} />} />
      </>
    );
  }
  return (
    <>
      <PageTitle title={texts.title} hint={texts.lead} actions={props.actions} />
      <LiveContent result={result} select={(data) => data.organization && data}>
        {({ chains, organization: found }) => {
          const accounts = found?.accounts.edges.map(({ node }) => node) ?? [];
          const active = accounts.filter(({ status }) => status === 'ACTIVE');
          return active.length === 0 ? <NoAccount hint={texts.noAccountHint} /> : form(chains, active);
        }}
      </LiveContent>
    </>
  );
}

function NoAccount({ hint }: { hint: string }) {
  const t = useMessages(sourceMessages);
  return (
    <EmptyState
      title={t('noAccount')}
      hint={hint}
      icon={<IconBuildingBank size={ICON_PX} />}
      action={
        <Anchor component={Link} to="/accounts">
          {t('toAccounts')}
        </Anchor>
      }
    />
  );
}
