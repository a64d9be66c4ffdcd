import type { ReactNode } from 'react';
import { useActorName } from '../../../components/ActorText.tsx';
import { statusMessages } from '../../../components/statusMessages.ts';
import { useMessages } from '../../../i18n/messages.ts';
import type { ReceiptBatch } from '../Receipt.tsx';
import { paperKindOf } from './paperKind.ts';
import classes from './receipt.module.css';
import { receiptMessages } from './receiptMessages.ts';
import { utcText } from './utcText.ts';

/** Who paid what from where, and when. */
export function ReceiptHead({ batch, asOf }: { batch: ReceiptBatch; asOf: string }) {
  const t = useMessages(receiptMessages);
  const statusText = useMessages(statusMessages);
  const nameOf = useActorName();
  const kind = paperKindOf(batch);
  const { organization, account, asset, submittedAt, completedAt } = batch;
  return (
    <header>
      <h2 className={classes.heading}>{t(`heading_${kind}`)}</h2>
      <p className={classes.subject}>{batch.title}</p>
      <dl className={classes.facts}>
        <Fact label={t(kind === 'RECEIPT' ? 'paidBy' : 'organization')}>{organization.name}</Fact>
        <Fact label={t('status')}>{statusText(`BATCH_${batch.status}`)}</Fact>
        <Fact label={t('account')}>{account.name}</Fact>
        <Fact label={t('accountAddress')} isCode>
          {account.address ?? t('notYet')}
        </Fact>
        <Fact label={t('chain')}>
          {asset.chain.name} ({asset.chain.caip2})
        </Fact>
        <Fact label={t('asset')}>{asset.symbol}</Fact>
        <Fact label={t('assetAddress')} isCode>
          {asset.address ?? asset.symbol}
        </Fact>
        <Fact label={t('created')}>
          {utcText(batch.createdAt)} · {nameOf(batch.createdBy)}
        </Fact>
        <Fact label={t('submitted')}>{submittedAt === null ? t('notYet') : utcText(submittedAt)}</Fact>
        <Fact label={t('ended')}>{completedAt === null ? t('notYet') : utcText(completedAt)}</Fact>
        <Fact label={t('batchId')} isCode>
          {batch.id}
        </Fact>
        <Fact label={t('issued')}>{asOf}</Fact>
      </dl>
    </header>
  );
}

function Fact({ label, isCode = false, children }: { label: string; isCode?: boolean; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={isCode ? classes.code : undefined}>{children}</dd>
    </div>
  );
}
