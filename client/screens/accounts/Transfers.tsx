import { Anchor, Group, SegmentedControl, Stack, Switch, Text, ThemeIcon } from '@mantine/core';
import { IconArrowDownLeft, IconArrowUpRight } from '@tabler/icons-react';
import { useState } from 'react';
import { AddressText } from '../../components/AddressText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PagedList } from '../../components/PagedList.tsx';
import { Section } from '../../components/Section.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { usePages } from '../../components/usePages.ts';
import type { AccountTransfersQuery, TransferDirection } from '../../generated/operationTypes.ts';
import { AccountTransfersDocument } from '../../generated/screens/accounts/account.ts';
import { useMessages } from '../../i18n/messages.ts';
import classes from './accounts.module.css';
import { detailMessages } from './detailMessages.ts';

type Transfer = NonNullable<AccountTransfersQuery['account']>['transfers']['edges'][number]['node'];
const FILTERS = ['ALL', 'IN', 'OUT'] as const;
type Filter = (typeof FILTERS)[number];
const PAGE_SIZE = 20;
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
        <TransferList
          key={filter}
          accountId={accountId}
          direction={filter === 'ALL' ? null : filter}
          isFull={isFull}
        />
      </Stack>
    </Section>
  );
}

type ListProps = { accountId: string; direction: TransferDirection | null; isFull: boolean };

function TransferList({ accountId, direction, isFull }: ListProps) {
  const t = useMessages(detailMessages);
  const pages = usePages({
    query: AccountTransfersDocument,
    variables: { id: accountId, direction },
    pageSize: PAGE_SIZE,
    select: (data) => data.account?.transfers,
    keyOf: ({ id }) => id,
    concerns: (event) => 'transfer' in event && event.transfer.account.id === accountId,
  });
  return (
    <PagedList
      pages={pages}
      more={t('moreTransfers')}
      buttonSize="xs"
      empty={<EmptyState title={t('noTransfers')} hint={t('noTransfersHint')} />}
    >
      {({ nodes }) => (
        <ul className={classes.plain} aria-label={t('transfers')}>
          {nodes.map((node) => (
            <TransferLine key={node.id} transfer={node} isFull={isFull} />
          ))}
        </ul>
      )}
    </PagedList>
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
