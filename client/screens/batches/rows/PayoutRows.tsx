import { Alert, Button, Chip, Group, NumberInput, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useFormat } from '../../../i18n/format.ts';
import { useMessages } from '../../../i18n/messages.ts';
import { batchMessages } from '../messages.ts';
import { PROGRESS_PARTS, type Progress, type ProgressPart, STATUS_OF_PART } from '../progress.ts';
import { PayoutDetail } from './PayoutDetail.tsx';
import type { RowRange } from './payoutPages.ts';
import { RowTable } from './RowTable.tsx';
import { rowMessages } from './rowMessages.ts';
import { type BatchRow, type RowsFilter, usePayoutPages } from './usePayoutPages.ts';

type PayoutRowsProps = {
  batchId: string;
  payoutCount: number;
  newRecipientCount: number;
  symbol: string;
  progress: Progress;
  /** Calls back with the rows that have changed. */
  listen(listener: (ranges: readonly RowRange[]) => void): () => void;
};

/** The filter's name in the list of chips. */
type Shown = 'all' | 'new' | ProgressPart;

/** All payouts of a batch: a list that stays smooth at 100,000 of them. */
export function PayoutRows({
  batchId,
  payoutCount,
  newRecipientCount,
  symbol,
  progress,
  listen,
}: PayoutRowsProps) {
  const t = useMessages(rowMessages);
  const [shown, setShown] = useState<Shown>('all');
  const [target, setTarget] = useState<{ position: number } | null>(null);
  const [opened, setOpened] = useState<BatchRow | null>(null);
  const isNarrow = useMediaQuery('(max-width: 62em)') ?? false;
  const { pages, isLastKnown } = usePayoutPages(batchId, payoutCount, filterOf(shown));
  useEffect(() => listen((ranges) => pages.invalidate(ranges)), [listen, pages]);
  return (
    <section aria-labelledby="payouts-title">
      <Group justify="space-between" align="center" mb="xs" gap="sm">
        <Title order={2} size="h4" id="payouts-title">
          {t('title')}
        </Title>
        <JumpTo
          max={payoutCount}
          go={(index) => {
            setShown('all');
            setTarget({ position: index });
          }}
        />
      </Group>
      <Filters
        {...{ shown, progress, payoutCount, newRecipientCount }}
        choose={(next) => {
          setTarget(null);
          setShown(next);
        }}
      />
      {pages.hasFailed && (
        <Alert color="red" mb="xs" role="alert">
          <Group justify="space-between">
            {t('failed')}
            <Button size="xs" variant="light" color="red" onClick={() => pages.retry()}>
              {t('retry')}
            </Button>
          </Group>
        </Alert>
      )}
      {isLastKnown && (
        <Alert color="gray" mb="xs" role="status">
          {t('lastKnown')}
        </Alert>
      )}
      <RowTable
        key={shown}
        pages={pages}
        symbol={symbol}
        target={target}
        isNarrow={isNarrow}
        onOpen={setOpened}
      />
      <PayoutDetail row={opened} symbol={symbol} close={() => setOpened(null)} />
    </section>
  );
}

function filterOf(shown: Shown): RowsFilter {
  if (shown === 'all') return null;
  return shown === 'new' ? { newRecipient: true } : { status: STATUS_OF_PART[shown] };
}

function Filters(props: {
  shown: Shown;
  progress: Progress;
  payoutCount: number;
  newRecipientCount: number;
  choose(shown: Shown): void;
}) {
  const t = useMessages(rowMessages);
  const counts = useMessages(batchMessages);
  const format = useFormat();
  const { shown, progress, payoutCount, newRecipientCount } = props;
  const parts = PROGRESS_PARTS.filter((part) => progress[part] > 0 || part === shown);
  const isOneStatus = parts.length === 1 && newRecipientCount === 0 && shown === 'all';
  if (isOneStatus) return null;
  return (
    <Chip.Group multiple={false} value={shown} onChange={(value) => props.choose(value as Shown)}>
      <Group gap={6} mb="xs" role="group" aria-label={t('filter')}>
        <Chip value="all" size="xs" variant="light">
          {t('all', { rows: format.number(payoutCount) })}
        </Chip>
        {newRecipientCount > 0 && (
          <Chip value="new" size="xs" variant="light" color="red">
            {t('newRecipients', { rows: format.number(newRecipientCount) })}
          </Chip>
        )}
        {parts.map((part) => (
          <Chip key={part} value={part} size="xs" variant="light">
            {counts(`count_${part}`)} {format.number(progress[part])}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

/** By the payout's number in the batch: the first is 1. */
function JumpTo({ max, go }: { max: number; go(index: number): void }) {
  const t = useMessages(rowMessages);
  const input = useRef<HTMLInputElement>(null);
  const [value, setValue] = useState<string | number>('');
  const row = typeof value === 'number' ? value : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (row !== null) go(row - 1);
      }}
    >
      <Group gap={6}>
        <NumberInput
          ref={input}
          size="xs"
          w={130}
          aria-label={t('jump')}
          placeholder={t('jump')}
          value={value}
          onChange={setValue}
          min={1}
          max={max}
          clampBehavior="strict"
          allowDecimal={false}
          allowNegative={false}
          hideControls
        />
        <Button size="xs" type="submit" variant="default" disabled={row === null}>
          {t('go')}
        </Button>
      </Group>
    </form>
  );
}
