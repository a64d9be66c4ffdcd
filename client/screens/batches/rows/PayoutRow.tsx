import { type CSSProperties, memo } from 'react';
import { statusMessages } from '../../../components/statusMessages.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useMessages } from '../../../i18n/messages.ts';
import { rowMessages } from './rowMessages.ts';
import classes from './rows.module.css';
import type { BatchRow } from './usePayoutPages.ts';

const HASH_HEAD_CHARACTERS = 10;
/** Of an address there is always the end to be seen: what has no room is left out of its middle. */
const ADDRESS_TAIL_CHARACTERS = 8;

type PayoutRowProps = {
  /** Undefined while it is read. */
  row: BatchRow | undefined;
  /** From the top of what is shown, in pixels. */
  top: number;
  /** Its place in the table, the header being 1. */
  ariaIndex: number;
  /** Somebody asked to go to it. */
  isTarget: boolean;
  onOpen(row: BatchRow): void;
};

/** One payout. Plain elements: some dozens of these are drawn anew with every turn of the wheel. */
export const PayoutRow = memo(function PayoutRow({ row, top, ariaIndex, isTarget, onOpen }: PayoutRowProps) {
  const t = useMessages(rowMessages);
  const statusText = useMessages(statusMessages);
  const format = useFormat();
  const style: CSSProperties = { transform: `translateY(${top}px)` };
  if (row === undefined) {
    return (
      // biome-ignore lint/a11y/useSemanticElements: rows of a table that is never there as a whole
      // biome-ignore lint/a11y/useFocusableInteractive: a row of a table is no control
      <div role="row" aria-rowindex={ariaIndex} className={classes.row} style={style} aria-busy>
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <span role="cell" className={classes.pending}>
          {t('loading')}
        </span>
      </div>
    );
  }
  const number = format.number(row.index + 1);
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    // biome-ignore lint/a11y/useKeyWithClickEvents: the recipient is the button; the row is only a larger target
    <div
      role="row"
      aria-rowindex={ariaIndex}
      className={classes.row}
      style={style}
      data-target={isTarget || undefined}
      onClick={() => onOpen(row)}
    >
      <Cell name="index">{number}</Cell>
      <Cell name="recipient">
        <button
          type="button"
          className={classes.open}
          title={row.recipient}
          aria-label={t('open', { row: number, recipient: row.recipient })}
          onClick={(event) => {
            event.stopPropagation();
            onOpen(row);
          }}
        >
          <span className={classes.head}>{row.recipient.slice(0, -ADDRESS_TAIL_CHARACTERS)}</span>
          <span className={classes.tail}>{row.recipient.slice(-ADDRESS_TAIL_CHARACTERS)}</span>
        </button>
        {row.isNewRecipient && row.status === 'PENDING' && (
          <span className={classes.new} title={t('newRecipientHint')}>
            {t('newRecipient')}
          </span>
        )}
      </Cell>
      <Cell name="amount">{format.amount(row.amount.amount)}</Cell>
      <Cell name="reference">{[row.payee?.name, row.reference, row.memo].filter(Boolean).join(' · ')}</Cell>
      <Cell name="status">
        <span className={classes.state} data-status={row.status}>
          {statusText(`PAYOUT_${row.status}`)}
        </span>
        {row.failure !== null && (
          <span className={classes.failure} title={t(`failure_${row.failure.code}`)}>
            {t(`failure_${row.failure.code}`)}
          </span>
        )}
      </Cell>
      <Cell name="transaction">
        <Transaction transaction={row.transaction} label={t('explorer')} />
      </Cell>
    </div>
  );
});

function Transaction({ transaction, label }: { transaction: BatchRow['transaction']; label: string }) {
  if (transaction === null) return null;
  const short = `${transaction.hash.slice(0, HASH_HEAD_CHARACTERS)}…`;
  if (transaction.explorerUrl === null) return <span title={transaction.hash}>{short}</span>;
  return (
    <a
      href={transaction.explorerUrl}
      target="_blank"
      rel="noreferrer"
      aria-label={`${label}: ${transaction.hash}`}
      title={transaction.hash}
      onClick={(event) => event.stopPropagation()}
    >
      {short}
    </a>
  );
}

function Cell({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    <span role="cell" className={classes[name]}>
      {children}
    </span>
  );
}
