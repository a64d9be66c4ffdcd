import { Anchor, Button, Group, SegmentedControl, Stack, Switch, Text, ThemeIcon } from '@mantine/core';
import { IconArrowDownLeft, IconArrowUpRight } from '@tabler/icons-react';
import { useState } from 'react';
import { AddressText } from '../../components/AddressText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { LiveContent } from '../../components/LiveContent.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import type { AccountTransfersQuery, TransferDirection } from '../../generated/operationTypes.ts';
import { AccountTransfersDocument } from '../../generated/screens/accounts/account.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import classes from './accounts.module.css';
import { detailMessages } from './detailMessages.ts';
import { Section } from './Section.tsx';

type Transfer = NonNullable<AccountTransfersQuery['account']>['transfers']['edges'][number]['node'];
const FILTERS = ['ALL', 'IN', 'OUT'] as const;
type Filter = (typeof FILTERS)[number];
const ICON_PX = 16;
const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

/** What the chain moved in and out of the account, live. */
export function Transfers({ accountId }: { accountId: string }) {
  const t = useMessages(detailMessages);
  const [filter, setFilter] = useState<Filter>('ALL');
  const [isFull, setFull] = useState(false);
  return (
    <Section title={t('transfers')} hint={t('transfersHint')}>
      <Stack gap="md">
        <Group justify="space-between" gap="sm">
          <SegmentedControl
            aria-label={t('direction')}
            size="xs"
            value={filter}
            onChange={(chosen) => setFilter(chosen as Filter)}
            data={FILTERS.map((value) => ({ value, label: t(value) }))}
          />
          <Switch
            size="sm"
            label={t('fullAddresses')}
            checked={isFull}
            onChange={(event) => setFull(event.currentTarget.checked)}
          />
        </Group>
        <TransferPage
          key={filter}
          accountId={accountId}
          direction={filter === 'ALL' ? null : filter}
          after={null}
          isFull={isFull}
        />
      </Stack>
    </Section>
  );
}

type PageProps = {
  accountId: string;
  direction: TransferDirection | null;
  after: string | null;
  isFull: boolean;
};

function TransferPage({ accountId, direction, after, isFull }: PageProps) {
  const t = useMessages(detailMessages);
  const [isMoreShown, setMoreShown] = useState(false);
  const result = useLiveQuery({
    query: AccountTransfersDocument,
    variables: { id: accountId, direction, after },
    concerns: (event) => 'transfer' in event && event.transfer.account.id === accountId,
  });
  return (
    <LiveContent result={result} select={(data) => data.account?.transfers}>
      {({ edges, pageInfo }) => {
        if (edges.length === 0 && after === null) {
          return <EmptyState title={t('noTransfers')} hint={t('noTransfersHint')} />;
        }
        return (
          <Stack gap="sm">
            <ul className={classes.plain} aria-label={t('transfers')}>
              {edges.map(({ node }) => (
                <TransferLine key={node.id} transfer={node} isFull={isFull} />
              ))}
            </ul>
            {pageInfo.hasNextPage && isMoreShown && (
              <TransferPage
                accountId={accountId}
                direction={direction}
                after={pageInfo.endCursor}
                isFull={isFull}
              />
            )}
            {pageInfo.hasNextPage && !isMoreShown && (
              <Button
                variant="default"
                size="xs"
                style={{ alignSelf: 'center' }}
                onClick={() => setMoreShown(true)}
              >
                {t('moreTransfers')}
              </Button>
            )}
          </Stack>
        );
      }}
    </LiveContent>
  );
}

function TransferLine({ transfer, isFull }: { transfer: Transfer; isFull: boolean }) {
  const t = useMessages(detailMessages);
  const { direction, status, counterparty, occurredAt, amount, transaction } = transfer;
  const isIn = direction === 'IN';
  const isTaken = status === 'REORGED';
  // As tokens tell that they were issued or destroyed.
  const isMade = counterparty === ZERO_ADDRESS;
  const Arrow = isIn ? IconArrowDownLeft : IconArrowUpRight;
  return (
    <li className={classes.transfer}>
      <ThemeIcon variant="light" radius="xl" color={isIn ? 'teal' : 'gray'} aria-hidden>
        <Arrow size={ICON_PX} />
      </ThemeIcon>
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600}>
          {t(isIn ? 'in' : 'out')} <Amount money={amount} {...(isTaken ? { td: 'line-through' } : {})} />
        </Text>
        <Group gap={6}>
          <Text span size="sm" c="dimmed">
            {isMade ? t(isIn ? 'made' : 'burned') : t(isIn ? 'from' : 'to')}
          </Text>
          {!isMade && <AddressText value={counterparty} full={isFull} />}
        </Group>
        <Group gap={6}>
          <Text span size="sm" c="dimmed">
            {t('transaction')}
          </Text>
          <AddressText value={transaction.hash} full={isFull} />
          {transaction.explorerUrl !== null && (
            <Anchor href={transaction.explorerUrl} target="_blank" rel="noreferrer" size="sm">
              {t('explorer')}
            </Anchor>
          )}
        </Group>
        {isTaken && (
          <Text size="sm" className={classes.unknown ?? ''}>
            {t('reorged')}
          </Text>
        )}
      </div>
      <Stack gap={2} align="flex-end">
        <StatusBadge kind="TRANSFER" status={status} />
        <Text size="xs" c="dimmed">
          <TimeText iso={occurredAt} />
        </Text>
      </Stack>
    </li>
  );
}
