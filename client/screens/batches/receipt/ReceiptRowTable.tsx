import { memo } from 'react';
import type { BatchRowFragment } from '../../../generated/operationTypes.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useMessages } from '../../../i18n/messages.ts';
import classes from './receipt.module.css';
import { receiptMessages } from './receiptMessages.ts';
import { OUTCOME_OF } from './receiptTotals.ts';

/** Every payout, nothing shortened: it is to be compared with the file and the chain. */
export const ReceiptRowTable = memo(function ReceiptRowTable({
  rows,
}: {
  rows: readonly BatchRowFragment[];
}) {
  const t = useMessages(receiptMessages);
  const format = useFormat();
  return (
    <>
      <h3 className={classes.section}>{t('rows')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.scroll} aria-label={t('rows')} tabIndex={0}>
        <table className={classes.rows}>
          <thead>
            <tr>
              <th scope="col" data-end>
                {t('row')}
              </th>
              <th scope="col">
                {t('recipient')} / {t('transaction')}
              </th>
              <th scope="col" data-end>
                {t('amount')}
              </th>
              <th scope="col">{t('reference')}</th>
              <th scope="col">{t('outcome')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td data-end className={classes.number}>
                  {row.index + 1}
                </td>
                <td className={`${classes.code} ${classes.recipient}`}>
                  {row.recipient}
                  {row.transaction !== null && <div className={classes.hash}>{row.transaction.hash}</div>}
                </td>
                <td data-end className={classes.amount}>
                  {format.amount(row.amount.amount)}
                </td>
                <td className={classes.reference}>{[row.reference, row.memo].filter(Boolean).join(' · ')}</td>
                <td className={classes.outcome}>{t(OUTCOME_OF[row.status])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
});
