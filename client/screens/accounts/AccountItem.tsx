import { Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { AddressText } from '../../components/AddressText.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import type { AccountsQuery } from '../../generated/operationTypes.ts';
import { useMessages } from '../../i18n/messages.ts';
import classes from './accounts.module.css';
import { Balances } from './Balances.tsx';
import { accountMessages } from './messages.ts';
import { useSignatures } from './useSignatures.ts';

type ListedAccount = NonNullable<AccountsQuery['organization']>['accounts']['edges'][number]['node'];
const ICON_PX = 16;

/** An account in the list: what it is, where it stands, what it holds. */
export function AccountItem({ account }: { account: ListedAccount }) {
  const t = useMessages(accountMessages);
  const { id, name, status, chain, address, safe, balances } = account;
  const signatures = useSignatures()(account);
  return (
    <li className={classes.item}>
      <div className={classes.what}>
        <Group gap="xs" aria-live="polite">
          <Link to={`/accounts/${id}`} className={classes.link ?? ''}>
            {name}
          </Link>
          <StatusBadge kind="ACCOUNT" status={status} />
        </Group>
        <Text size="sm" c="dimmed">
          {chain.name}
          {signatures !== null && ` · ${t('signatures')}: ${signatures}`}
        </Text>
        {address === null ? (
          <Text size="sm" c="dimmed">
            {t('noAddress')}
          </Text>
        ) : (
          <div className={classes.above}>
            <AddressText value={address} />
          </div>
        )}
        {safe !== null && safe.faults.length > 0 && (
          <Group gap={6} wrap="nowrap" className={classes.faulty}>
            <IconAlertTriangle size={ICON_PX} aria-hidden />
            <Text size="sm" fw={600}>
              {t('hasFaults')}
            </Text>
          </Group>
        )}
      </div>
      {status !== 'REFUSED' && status !== 'OPENING' && (
        <div>
          <Balances balances={balances} isShort />
          {balances.pageInfo.hasNextPage && (
            <Text size="xs" c="dimmed">
              {t('moreAssets')}
            </Text>
          )}
        </div>
      )}
    </li>
  );
}
