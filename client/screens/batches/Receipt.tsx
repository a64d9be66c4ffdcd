import { Alert, Button, Group, Text } from '@mantine/core';
import { IconArrowLeft, IconPrinter } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link, useParams } from 'react-router';
import { LiveContent } from '../../components/LiveContent.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import type { ReceiptQuery } from '../../generated/operationTypes.ts';
import { ReceiptDocument } from '../../generated/screens/batches/receipt.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { PROGRESS_PARTS } from './progress.ts';
import { paperKindOf } from './receipt/paperKind.ts';
import { ReceiptHead } from './receipt/ReceiptHead.tsx';
import { ReceiptRowTable } from './receipt/ReceiptRowTable.tsx';
import { RowsDownload } from './receipt/RowsDownload.tsx';
import classes from './receipt/receipt.module.css';
import { receiptMessages } from './receipt/receiptMessages.ts';
import { totalsOfCounts, totalsOfRows } from './receipt/receiptTotals.ts';
import { TotalsTable } from './receipt/TotalsTable.tsx';
import { useReceiptRows } from './receipt/useReceiptRows.ts';
import { utcText } from './receipt/utcText.ts';
import { VerifyIt } from './receipt/VerifyIt.tsx';

/** More rows than these are a file, not paper. */
const MAX_PRINTED_ROWS = 1_000;

export type ReceiptBatch = NonNullable<ReceiptQuery['payoutBatch']>;

/** What was paid, for whoever must file it; a statement as long as nothing was. */
export function Receipt() {
  const t = useMessages(receiptMessages);
  const { batchId = '' } = useParams();
  const result = useLiveQuery({
    query: ReceiptDocument,
    variables: { id: batchId },
    concerns: (event) => 'payoutBatch' in event && event.payoutBatch.id === batchId,
  });
  const batch = result.data?.payoutBatch ?? null;
  const name = t(batch === null ? 'title' : `title_${paperKindOf(batch)}`);
  return (
    <>
      <div className="no-print">
        <PageTitle
          title={batch === null ? name : `${name}: ${batch.title}`}
          actions={
            <>
              <Button
                component={Link}
                to={`/batches/${batchId}`}
                variant="default"
                leftSection={<IconArrowLeft size={18} stroke={1.6} aria-hidden />}
              >
                {t('back')}
              </Button>
              <Button
                leftSection={<IconPrinter size={18} stroke={1.6} aria-hidden />}
                onClick={() => print()}
              >
                {t('print')}
              </Button>
            </>
          }
        />
      </div>
      <LiveContent result={result} select={(data) => data.payoutBatch}>
        {(shown) => <Paper batch={shown} lastKnownAt={result.lastKnownAt} />}
      </LiveContent>
    </>
  );
}

function Paper({ batch, lastKnownAt }: { batch: ReceiptBatch; lastKnownAt: string | null }) {
  const t = useMessages(receiptMessages);
  const format = useFormat();
  const kind = paperKindOf(batch);
  const isPrinted = batch.payoutCount <= MAX_PRINTED_ROWS;
  const state = `${batch.status} ${PROGRESS_PARTS.map((part) => batch.progress[part]).join(' ')}`;
  const { rows, hasFailed, retry } = useReceiptRows(batch.id, batch.payoutCount, state, isPrinted);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the time at which these were answered
  const asOf = useMemo(() => utcText(lastKnownAt ?? new Date().toISOString()), [batch, rows, lastKnownAt]);
  const totals =
    rows === null
      ? totalsOfCounts(batch.progress, batch.total.amount)
      : totalsOfRows(rows, batch.asset.decimals);
  const isAllPaid = totals.every(({ outcome }) => outcome === 'PAID');
  return (
    <article className={classes.paper} aria-label={t(`heading_${kind}`)}>
      <ReceiptHead batch={batch} asOf={asOf} />
      <TotalsTable totals={totals} batch={batch} />
      {!isAllPaid && (
        <p className={classes.notice}>{t(kind === 'RECEIPT' ? 'notAll' : 'notAny', { when: asOf })}</p>
      )}
      {hasFailed && (
        <Alert color="red" role="alert" className="no-print" my="md">
          <Group justify="space-between">
            {t('rowsFailed')}
            <Button size="xs" variant="light" color="red" onClick={retry}>
              {t('retry')}
            </Button>
          </Group>
        </Alert>
      )}
      {isPrinted && rows === null && !hasFailed && <LoadingState />}
      {rows !== null && <ReceiptRowTable rows={rows} />}
      {!isPrinted && <Text my="md">{t('large', { rows: format.number(batch.payoutCount) })}</Text>}
      <RowsDownload
        batchId={batch.id}
        title={batch.title}
        payoutCount={batch.payoutCount}
        symbol={batch.asset.symbol}
      />
      {kind === 'RECEIPT' && <VerifyIt batch={batch} />}
      <p className={classes.footer}>{t('footer')}</p>
    </article>
  );
}
