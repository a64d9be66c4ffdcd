import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconHandStop, IconReceipt } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { LiveContent } from '../../components/LiveContent.tsx';
import { PageTitle } from '../../components/PageTitle.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import type { BatchQuery } from '../../generated/operationTypes.ts';
import { BatchDocument } from '../../generated/screens/batches/batch.ts';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { LiveEvent } from '../../live/LiveProvider.tsx';
import { useLiveQuery } from '../../live/useLiveQuery.ts';
import { BatchActions } from './BatchActions.tsx';
import { BatchApprovals } from './BatchApprovals.tsx';
import { BatchFacts } from './BatchFacts.tsx';
import { BatchPauses, PauseBatch } from './BatchPauses.tsx';
import { BatchProgress } from './BatchProgress.tsx';
import { BatchTransactions } from './BatchTransactions.tsx';
import { BatchWarnings } from './BatchWarnings.tsx';
import { detailMessages } from './detailMessages.ts';
import type { Progress } from './progress.ts';
import { PayoutRows } from './rows/PayoutRows.tsx';
import { useBatchUpdates } from './useBatchUpdates.ts';
import { useBlockerText } from './useBlockerText.ts';

type AskedBatch = NonNullable<BatchQuery['payoutBatch']>;
/** The answer, with what the stream says of how it stands. */
export type ShownBatch = Omit<AskedBatch, 'progress'> & { progress: Progress };

/** One batch: how far it is, why it stands still, what can be done about it, and each of its rows. */
export function Batch() {
  const { batchId = '' } = useParams();
  const result = useLiveQuery({
    query: BatchDocument,
    variables: { id: batchId },
    concerns: (event) => isAbout(event, batchId),
  });
  return (
    <LiveContent result={result} select={(data) => data.payoutBatch}>
      {(batch) => <BatchContent key={batch.id} batch={batch} />}
    </LiveContent>
  );
}

/** Another batch's approval, or money that arrives, may be what this one waited for. */
function isAbout(event: LiveEvent, batchId: string): boolean {
  const isOwn = 'payoutBatch' in event && event.payoutBatch.id === batchId;
  const isPause = event.type.endsWith('_PAUSED') || event.type.endsWith('_RESUMED');
  return isOwn || isPause || event.type === 'APPROVAL_STATUS_CHANGED' || event.type.startsWith('TRANSFER');
}

function BatchContent({ batch: asked }: { batch: AskedBatch }) {
  const t = useMessages(detailMessages);
  const format = useFormat();
  const { current, listen } = useBatchUpdates(asked.id);
  const batch: ShownBatch =
    current === null ? asked : { ...asked, status: current.status, progress: current.progress };
  const lead = t('lead', {
    count: batch.payoutCount,
    rows: format.number(batch.payoutCount),
    account: batch.account.name,
    chain: batch.asset.chain.name,
  });
  return (
    <Stack gap="lg">
      <div>
        <PageTitle
          title={batch.title}
          hint={
            <Group gap="xs">
              <StatusBadge kind="BATCH" status={batch.status} />
              {lead}
            </Group>
          }
          actions={
            <>
              {batch.status !== 'DRAFT' && (
                <ReceiptButton batchId={batch.id} isPaid={batch.progress.final > 0} />
              )}
              <PauseBatch batch={batch} />
              <BatchActions batch={batch} />
            </>
          }
        />
        <BatchPauses batch={batch} />
        {batch.blocker !== null && batch.blocker.code !== 'PAUSED' && (
          <BlockerAlert blocker={batch.blocker} />
        )}
      </div>
      <BatchProgress batch={batch} />
      <BatchFacts batch={batch} />
      {batch.warningCount > 0 && <BatchWarnings batch={batch} />}
      <BatchApprovals batch={batch} />
      <PayoutRows
        batchId={batch.id}
        payoutCount={batch.payoutCount}
        newRecipientCount={batch.newRecipientCount}
        symbol={batch.asset.symbol}
        progress={batch.progress}
        listen={listen}
      />
      <BatchTransactions batchId={batch.id} />
    </Stack>
  );
}

function ReceiptButton({ batchId, isPaid }: { batchId: string; isPaid: boolean }) {
  const t = useMessages(detailMessages);
  return (
    <Button
      component={Link}
      to={`/batches/${batchId}/receipt`}
      variant="default"
      leftSection={<IconReceipt size={18} stroke={1.6} aria-hidden />}
    >
      {t(isPaid ? 'receipt' : 'statement')}
    </Button>
  );
}

function BlockerAlert({ blocker }: { blocker: { code: string; message: string } }) {
  const t = useMessages(detailMessages);
  const language = useLanguage();
  const { text, detail } = useBlockerText()(blocker);
  return (
    <Alert color="orange" icon={<IconHandStop aria-hidden />} title={t('blocked')} role="status">
      <Text size="sm">{text}</Text>
      {detail !== null && language !== 'en' && (
        <Text size="sm" c="dimmed" lang="en">
          {detail}
        </Text>
      )}
    </Alert>
  );
}
