import { Anchor, Badge, Card, Group, Text, Title } from '@mantine/core';
import { AddressText } from '../../components/AddressText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { PagedList } from '../../components/PagedList.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { usePages } from '../../components/usePages.ts';
import type { BatchTransactionsQuery } from '../../generated/operationTypes.ts';
import { BatchTransactionsDocument } from '../../generated/screens/batches/batch.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { detailMessages } from './detailMessages.ts';
import { rowMessages } from './rows/rowMessages.ts';

type Transaction = NonNullable<
  BatchTransactionsQuery['payoutBatch']
>['transactions']['edges'][number]['node'];

const PAGE_SIZE = 20;
const COLORS: Readonly<Record<string, string>> = {
  FINAL: 'teal',
  CONFIRMED: 'cyan',
  INCLUDED: 'indigo',
  REVERTED: 'red',
  REPLACED: 'gray',
};

/** What was sent to the chain for this batch, oldest first. */
export function BatchTransactions({ batchId }: { batchId: string }) {
  const t = useMessages(detailMessages);
  return (
    <Card component="section" aria-labelledby="transactions-title">
      <Title order={2} size="h4" id="transactions-title" mb="sm">
        {t('transactions')}
      </Title>
      <TransactionList batchId={batchId} />
    </Card>
  );
}

function TransactionList({ batchId }: { batchId: string }) {
  const t = useMessages(detailMessages);
  const pages = usePages({
    query: BatchTransactionsDocument,
    variables: { id: batchId },
    pageSize: PAGE_SIZE,
    select: (data) => data.payoutBatch?.transactions,
    keyOf: ({ id }) => id,
    concerns: (event) => 'payoutBatch' in event && event.payoutBatch.id === batchId,
  });
  return (
    <PagedList
      pages={pages}
      more={t('more')}
      buttonSize="xs"
      empty={<Text c="dimmed">{t('noTransactions')}</Text>}
    >
      {({ nodes }) => nodes.map((node) => <TransactionLine key={node.id} transaction={node} />)}
    </PagedList>
  );
}

function TransactionLine({ transaction }: { transaction: Transaction }) {
  const t = useMessages(detailMessages);
  const rows = useMessages(rowMessages);
  const format = useFormat();
  const { hash, kind, status, confirmations, explorerUrl, fee, includedAt } = transaction;
  return (
    <Group justify="space-between" gap="xs">
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text fw={600} size="sm">
            {t(`kind_${kind}`)}
          </Text>
          <Badge variant="light" color={COLORS[status] ?? 'blue'}>
            {t(`transaction_${status}`)}
          </Badge>
        </Group>
        <Group gap="xs">
          <AddressText value={hash} />
          {explorerUrl !== null && (
            <Anchor href={explorerUrl} target="_blank" rel="noreferrer" size="sm">
              {rows('explorer')}
            </Anchor>
          )}
        </Group>
      </div>
      <Text size="sm" c="dimmed" ta="end">
        {t('confirmations')} {format.number(confirmations)}
        {fee !== null && (
          <>
            {' · '}
            {t('fee')} <Amount money={fee} />
          </>
        )}
        {includedAt !== null && (
          <>
            {' · '}
            <TimeText iso={includedAt} />
          </>
        )}
      </Text>
    </Group>
  );
}
