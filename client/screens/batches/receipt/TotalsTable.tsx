import { useFormat } from '../../../i18n/format.ts';
import { useMessages } from '../../../i18n/messages.ts';
import type { ReceiptBatch } from '../Receipt.tsx';
import classes from './receipt.module.css';
import { receiptMessages } from './receiptMessages.ts';
import type { OutcomeTotal } from './receiptTotals.ts';

/** How many payouts, and how much money, came to what. */
export function TotalsTable({ totals, batch }: { totals: readonly OutcomeTotal[]; batch: ReceiptBatch }) {
  const t = useMessages(receiptMessages);
  const format = useFormat();
  const { symbol } = batch.asset;
  return (
    <section>
      <h3 className={classes.section}>{t('totals')}</h3>
      <table className={classes.totals}>
        <thead>
          <tr>
            <th scope="col">{t('outcome')}</th>
            <th scope="col" data-end>
              {t('count')}
            </th>
            <th scope="col" data-end>
              {t('amount')}
            </th>
          </tr>
        </thead>
        <tbody>
          {totals.map(({ outcome, count, amount }) => (
            <tr key={outcome}>
              <td>{t(outcome)}</td>
              <td data-end>{format.number(count)}</td>
              <td data-end>{amount === null ? t('unknown') : `${format.amount(amount)} ${symbol}`}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('all')}</th>
            <td data-end>{format.number(batch.payoutCount)}</td>
            <td data-end>
              {format.amount(batch.total.amount)} {symbol}
            </td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}
