import { Anchor, Text, Tooltip } from '@mantine/core';
import { Link } from 'react-router';
import { Amount, type ShownMoney } from '../../components/Amount.tsx';
import { Section } from '../../components/Section.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { DashboardOrganization } from './Dashboard.tsx';
import classes from './dashboard.module.css';
import { dashboardMessages } from './messages.ts';

type Accounts = DashboardOrganization['accounts'];
type ShownAccount = Accounts['edges'][number]['node'];
type Balance = ShownAccount['balances']['edges'][number]['node'];

/** What each account holds, and how much of it is promised. */
export function Balances({ accounts }: { accounts: Accounts }) {
  const t = useMessages(dashboardMessages);
  return (
    <Section
      title={t('balances')}
      action={
        <Anchor component={Link} to="/accounts" size="sm">
          {t('moreAccounts')}
        </Anchor>
      }
    >
      <ul className={classes.accounts}>
        {accounts.edges.map(({ node }) => (
          <AccountBalances key={node.id} account={node} />
        ))}
      </ul>
    </Section>
  );
}

function AccountBalances({ account }: { account: ShownAccount }) {
  const t = useMessages(dashboardMessages);
  const { edges } = account.balances;
  return (
    <li className={classes.account}>
      <div className={classes.accountName}>
        <Anchor component={Link} to={`/accounts/${account.id}`} fw={600}>
          {account.name}
        </Anchor>
        <Text size="sm" c="dimmed">
          {account.chain.name}
        </Text>
      </div>
      {edges.length === 0 && (
        <Text size="sm" c="dimmed">
          {t(account.status === 'OPENING' ? 'opening' : 'noBalance')}
        </Text>
      )}
      <div className={classes.balances}>
        {edges.map(({ node }) => (
          <BalanceLine key={node.total.asset.id} balance={node} />
        ))}
      </div>
    </li>
  );
}

function BalanceLine({ balance }: { balance: Balance }) {
  const t = useMessages(dashboardMessages);
  const isShort = balance.available.units.startsWith('-');
  return (
    <dl className={classes.balance}>
      <Figure
        label={t('available')}
        money={balance.available}
        isMain
        {...(isShort ? { fault: t('short') } : {})}
      />
      <Figure label={t('reserved')} money={balance.reserved} hint={t('reservedHint')} />
      <Figure label={t('total')} money={balance.total} />
    </dl>
  );
}

function Figure(props: {
  label: string;
  money: ShownMoney;
  isMain?: boolean;
  hint?: string;
  fault?: string;
}) {
  const label = (
    <Text component="dt" size="sm" c="dimmed">
      {props.label}
    </Text>
  );
  return (
    <div>
      {props.hint === undefined ? label : <Tooltip label={props.hint}>{label}</Tooltip>}
      <Text component="dd" m={0} {...(props.isMain === true ? { fw: 700, fz: 'lg' } : {})}>
        <Amount money={props.money} {...(props.fault === undefined ? {} : { c: 'red' })} />
        {props.fault !== undefined && (
          <Text size="sm" c="red" component="div">
            {props.fault}
          </Text>
        )}
      </Text>
    </div>
  );
}
