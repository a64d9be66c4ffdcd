import { Anchor, Badge, Grid, Group, Stack, Text } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { Amount } from '../../components/Amount.tsx';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import { Section } from '../../components/Section.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import type { AccountDetailQuery } from '../../generated/operationTypes.ts';
import { AccountDetailDocument } from '../../generated/screens/accounts/account.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { AccountPauses, PauseAccount } from './AccountPauses.tsx';
import { AccountState } from './AccountState.tsx';
import classes from './accounts.module.css';
import { Balances } from './Balances.tsx';
import { detailMessages } from './detailMessages.ts';
import { accountMessages } from './messages.ts';
import { movesAccounts } from './movesAccounts.ts';
import { Owners } from './Owners.tsx';
import { PayIn } from './PayIn.tsx';
import { SafeReading } from './SafeReading.tsx';
import { Transfers } from './Transfers.tsx';
import { useSignatures } from './useSignatures.ts';

export type ShownAccount = NonNullable<AccountDetailQuery['account']>;

/** One account: what it holds, who owns it, what it is made of on chain, and what moved. */
export function Account() {
  const { accountId = '' } = useParams();
  const result = useLiveQuery({
    query: AccountDetailDocument,
    variables: { id: accountId },
    concerns: (event) => movesAccounts(event) || event.type === 'PAYOUT_BATCH_CREATED',
  });
  return (
    <LiveContent result={result} select={(data) => data.account}>
      {(account) => <Shown account={account} />}
    </LiveContent>
  );
}

function Shown({ account }: { account: ShownAccount }) {
  const t = useMessages(accountMessages);
  const signatures = useSignatures()(account, true);
  const isUsed = account.status === 'ACTIVE' || account.status === 'CLOSED';
  return (
    <div>
      <PageTitle
        title={account.name}
        hint={
          <Group gap="xs" mt={4} aria-live="polite">
            <StatusBadge kind="ACCOUNT" status={account.status} />
            <Badge variant="default" tt="none">
              {account.chain.name}
            </Badge>
            {signatures !== null && <span>{signatures}</span>}
          </Group>
        }
        actions={<PauseAccount account={account} />}
      />
      <AccountPauses account={account} />
      <AccountState account={account} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: isUsed ? 7 : 12 }}>
          <Stack gap="lg">
            {isUsed && (
              <Section title={t('balances')} hint={t('reservedHint')}>
                <Balances balances={account.balances} />
              </Section>
            )}
            {isUsed && <LatestBatches account={account} />}
            {isUsed && <Transfers accountId={account.id} />}
            {!isUsed && <SafeReading account={account} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: isUsed ? 5 : 12 }}>
          <Stack gap="lg">
            <PayIn account={account} />
            <Owners account={account} />
            {isUsed && <SafeReading account={account} />}
          </Stack>
        </Grid.Col>
      </Grid>
    </div>
  );
}

function LatestBatches({ account }: { account: ShownAccount }) {
  const t = useMessages(detailMessages);
  const { edges, pageInfo } = account.payoutBatches;
  return (
    <Section title={t('batches')}>
      {edges.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('noBatches')}
        </Text>
      )}
      <ul className={classes.plain}>
        {edges.map(({ node }) => (
          <li key={node.id}>
            <Group justify="space-between" gap="xs">
              <Anchor
                component={Link}
                to={`/batches/${node.id}`}
                size="sm"
                style={{ overflowWrap: 'anywhere' }}
              >
                {node.title}
              </Anchor>
              <StatusBadge kind="BATCH" status={node.status} />
            </Group>
            <Text size="sm" c="dimmed">
              <Amount money={node.total} /> · <TimeText iso={node.createdAt} />
            </Text>
          </li>
        ))}
      </ul>
      {pageInfo.hasNextPage && (
        <Anchor component={Link} to="/batches" size="sm" mt="sm" display="inline-block">
          {t('allBatches')}
        </Anchor>
      )}
    </Section>
  );
}
