import { fillNodes } from '../../../i18n/fillNodes.tsx';
import { useMessages } from '../../../i18n/messages.ts';
import type { ReceiptBatch } from '../Receipt.tsx';
import classes from './receipt.module.css';
import { receiptMessages } from './receiptMessages.ts';

/** How whoever holds the receipt checks it against the chain alone. */
export function VerifyIt({ batch }: { batch: ReceiptBatch }) {
  const t = useMessages(receiptMessages);
  const { asset, account } = batch;
  const code = (text: string) => <span className={classes.code}>{text}</span>;
  return (
    <section className={classes.verify}>
      <h3 className={classes.section}>{t('verify')}</h3>
      <ol>
        <li>{t('verify1', { chain: asset.chain.name, id: asset.chain.caip2 })}</li>
        <li>
          {fillNodes((standIns) => t('verify2', standIns), { token: code(asset.address ?? asset.symbol) })}
        </li>
        <li>
          {fillNodes((standIns) => t('verify3', standIns), {
            account: code(account.address ?? account.name),
          })}
        </li>
      </ol>
    </section>
  );
}
