import { Alert, Button, Group, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { BatchRowFragment } from '../../../generated/operationTypes.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useMessages } from '../../../i18n/messages.ts';
import { csvHead, csvLine } from './csv.ts';
import { readAllRows } from './readAllRows.ts';
import { receiptMessages } from './receiptMessages.ts';
import { OUTCOME_OF } from './receiptTotals.ts';
import { utcText } from './utcText.ts';

const COLUMNS = [
  ...(['row', 'recipient', 'amount', 'asset', 'reference', 'memo', 'outcome'] as const),
  ...(['transaction', 'includedAt'] as const),
];

type RowsDownloadProps = { batchId: string; title: string; payoutCount: number; symbol: string };

/** Every row of the batch as a file, read page by page. A file that lacks rows is never saved. */
export function RowsDownload({ batchId, title, payoutCount, symbol }: RowsDownloadProps) {
  const t = useMessages(receiptMessages);
  const format = useFormat();
  const [readCount, setReadCount] = useState<number | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const lineOf = (row: BatchRowFragment): string =>
    csvLine([
      String(row.index + 1),
      row.recipient,
      row.amount.amount,
      symbol,
      row.reference,
      row.memo,
      t(OUTCOME_OF[row.status]),
      row.transaction?.hash ?? null,
      row.transaction?.includedAt == null ? null : utcText(row.transaction.includedAt),
    ]);
  const download = async () => {
    const abort = new AbortController();
    running.current = abort;
    setFailed(false);
    setReadCount(0);
    try {
      const parts = [csvHead(COLUMNS.map((column) => t(column)))];
      let count = 0;
      for await (const page of readAllRows(batchId, payoutCount, abort.signal)) {
        parts.push(page.map(lineOf).join(''));
        count += page.length;
        setReadCount(count);
      }
      if (count !== payoutCount) throw new Error(`${count} of ${payoutCount} rows were read.`);
      save(new Blob(parts, { type: 'text/csv;charset=utf-8' }), `${fileName(title)}.csv`);
    } catch {
      if (!abort.signal.aborted) setFailed(true);
    }
    setReadCount(null);
  };

  return (
    <div className="no-print">
      {readCount === null ? (
        <Button
          variant="default"
          leftSection={<IconDownload size={18} stroke={1.6} aria-hidden />}
          onClick={() => void download()}
        >
          {t('csv')}
        </Button>
      ) : (
        <Group gap="xs">
          <Text size="sm" role="status">
            {t('csvBusy', { rows: format.number(readCount), all: format.number(payoutCount) })}
          </Text>
          <Button size="xs" variant="default" onClick={() => running.current?.abort()}>
            {t('csvStop')}
          </Button>
        </Group>
      )}
      {hasFailed && (
        <Alert color="red" role="alert" mt="xs">
          {t('csvFailed')}
        </Alert>
      )}
    </div>
  );
}

function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** What every file system takes. */
function fileName(title: string): string {
  return title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'payouts';
}
