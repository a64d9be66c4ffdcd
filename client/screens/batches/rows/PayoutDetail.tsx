import { Alert, Anchor, Badge, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { AddressText } from '../../../components/AddressText.tsx';
import { Amount } from '../../../components/Amount.tsx';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import { useFormat } from '../../../i18n/format.ts';
import { useMessages } from '../../../i18n/messages.ts';
import { rowMessages } from './rowMessages.ts';
import type { BatchRow } from './usePayoutPages.ts';

type PayoutDetailProps = {
  /** Null: it is closed. */
  row: BatchRow | null;
  symbol: string;
  close(): void;
};

/** All that is known of one payout, with nothing shortened. */
export function PayoutDetail({ row, symbol, close }: PayoutDetailProps) {
  const t = useMessages(rowMessages);
  const format = useFormat();
  return (
    <Modal
      opened={row !== null}
      onClose={close}
      title={row === null ? '' : t('detail', { row: format.number(row.index + 1) })}
      closeButtonProps={{ 'aria-label': '×' }}
    >
      {row !== null && <Facts row={row} symbol={symbol} />}
    </Modal>
  );
}

function Facts({ row, symbol }: { row: BatchRow; symbol: string }) {
  const t = useMessages(rowMessages);
  const format = useFormat();
  const { transaction, failure } = row;
  return (
    <Stack gap="sm">
      <Amount money={{ amount: row.amount.amount, asset: { symbol } }} fz="xl" fw={700} />
      <Fact label={t('recipient')}>
        <AddressText value={row.recipient} full />
        {row.isNewRecipient && (
          <Text size="sm" component="div">
            <Badge color="red" variant="light" mr={6}>
              {t('newRecipient')}
            </Badge>
            {t('newRecipientHint')}
          </Text>
        )}
      </Fact>
      {row.payee !== null && <Fact label={t('payee')}>{row.payee.name}</Fact>}
      {row.reference !== null && <Fact label={t('ownNumber')}>{row.reference}</Fact>}
      {row.memo !== null && <Fact label={t('memo')}>{row.memo}</Fact>}
      <Fact label={t('status')}>
        <StatusBadge kind="PAYOUT" status={row.status} />
      </Fact>
      {failure !== null && (
        <Alert color="red" title={t('failure')}>
          {t(`failure_${failure.code}`)}
        </Alert>
      )}
      <Fact label={t('transaction')}>
        {transaction === null ? t('noTransaction') : <AddressText value={transaction.hash} full />}
      </Fact>
      {transaction?.includedAt != null && (
        <Fact label={t('paidAt')}>{format.dateTime(transaction.includedAt)}</Fact>
      )}
      {transaction?.explorerUrl != null && (
        <Anchor href={transaction.explorerUrl} target="_blank" rel="noreferrer">
          {t('explorer')}
        </Anchor>
      )}
    </Stack>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <div style={{ overflowWrap: 'anywhere' }}>{children}</div>
    </div>
  );
}
