import { Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconBuildingBank, IconPlus, IconShieldCheck } from '@tabler/icons-react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PagedList } from '../../components/PagedList.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import { useDialog } from '../../components/useDialog.ts';
import { usePages } from '../../components/usePages.ts';
import { AccountsDocument } from '../../generated/screens/accounts/accounts.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useConnection } from '../../live/LiveProvider.tsx';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { AccountItem } from './AccountItem.tsx';
import { AdoptSafe } from './AdoptSafe.tsx';
import classes from './accounts.module.css';
import { accountMessages } from './messages.ts';
import { movesAccounts } from './movesAccounts.ts';
import { OpenAccount } from './OpenAccount.tsx';

const PAGE_SIZE = 10;
/** Each is read with its balances: a hundred are about all that one operation may cost. */
const MAX_ACCOUNTS_PER_QUESTION = 50;
const ICON_PX = 18;

/** The organization's accounts with what they hold, and the ways to a new one. */
export function Accounts() {
  const t = useMessages(accountMessages);
  const { may } = useOrganization();
  const isAllowed = may('ACCOUNT_OPEN');
  return (
    <>
      <PageTitle title={t('title')} hint={t('lead')} actions={isAllowed && <AccountButtons />} />
      <Stack gap="md">
        {!isAllowed && (
          <Text size="sm" c="dimmed">
            {t('mayNot')}
          </Text>
        )}
        <VisuallyHidden component="h2">{t('list')}</VisuallyHidden>
        <AccountList />
      </Stack>
    </>
  );
}

function AccountButtons() {
  const t = useMessages(accountMessages);
  const isOffline = useConnection().kind === 'OFFLINE';
  const { asked, ask, close } = useDialog<'open' | 'adopt'>();
  const whyNot = isOffline ? { disabled: true, title: t('offline') } : {};
  return (
    <Group gap="xs">
      <Button
        variant="default"
        leftSection={<IconShieldCheck size={ICON_PX} stroke={1.6} aria-hidden />}
        onClick={(event) => ask('adopt', event.currentTarget)}
        {...whyNot}
      >
        {t('adopt')}
      </Button>
      <Button
        leftSection={<IconPlus size={ICON_PX} stroke={1.6} aria-hidden />}
        onClick={(event) => ask('open', event.currentTarget)}
        {...whyNot}
      >
        {t('open')}
      </Button>
      {asked === 'open' && <OpenAccount close={close} />}
      {asked === 'adopt' && <AdoptSafe close={close} />}
    </Group>
  );
}

function AccountList() {
  const t = useMessages(accountMessages);
  const { organization } = useOrganization();
  const pages = usePages({
    query: AccountsDocument,
    variables: { organizationId: organization.id },
    pageSize: PAGE_SIZE,
    most: MAX_ACCOUNTS_PER_QUESTION,
    select: (data) => data.organization?.accounts,
    keyOf: ({ id }) => id,
    concerns: movesAccounts,
  });
  return (
    <PagedList pages={pages} more={t('more')} empty={<NoAccounts />}>
      {({ nodes }) => (
        <ul className={classes.list} aria-label={t('list')}>
          {nodes.map((node) => (
            <AccountItem key={node.id} account={node} />
          ))}
        </ul>
      )}
    </PagedList>
  );
}

function NoAccounts() {
  const t = useMessages(accountMessages);
  const { may } = useOrganization();
  return (
    <EmptyState
      title={t('empty')}
      icon={<IconBuildingBank size={26} />}
      {...(may('ACCOUNT_OPEN') ? { hint: t('emptyHint') } : {})}
    />
  );
}
