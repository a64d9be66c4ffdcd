import { Card, Group, Text, Title, VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { statusMessages } from '../../components/statusMessages.ts';
import type { PayoutBatchStatus } from '../../generated/operationTypes.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { detailMessages } from './detailMessages.ts';
import { batchMessages } from './messages.ts';
import { ProgressBar } from './ProgressBar.tsx';
import { PART_COLORS, PROGRESS_PARTS, type Progress } from './progress.ts';

/** Screen readers are told of progress at most this often. */
const ANNOUNCE_INTERVAL_MS = 5_000;

type ShownBatch = { status: PayoutBatchStatus; payoutCount: number; progress: Progress };

/** How many payouts stand where: as a bar to scale, and in numbers. */
export function BatchProgress({ batch }: { batch: ShownBatch }) {
  const t = useMessages(detailMessages);
  const counts = useMessages(batchMessages);
  const format = useFormat();
  const { progress, payoutCount } = batch;
  return (
    <Card component="section" aria-labelledby="progress-title">
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} size="h4" id="progress-title">
          {t('progress')}
        </Title>
        <Text fw={600}>{format.percent(progress.final / payoutCount)}</Text>
      </Group>
      <ProgressBar progress={progress} thick />
      <Group gap="lg" mt="sm" component="ul" style={{ listStyle: 'none', padding: 0, marginBottom: 0 }}>
        {PROGRESS_PARTS.filter((part) => progress[part] > 0).map((part) => (
          <Group key={part} gap={6} component="li">
            <span
              aria-hidden
              style={{ width: 10, height: 10, borderRadius: '50%', background: PART_COLORS[part] }}
            />
            <Text size="sm">
              {counts(`count_${part}`)} <strong>{format.number(progress[part])}</strong>
            </Text>
          </Group>
        ))}
      </Group>
      <Announcement batch={batch} />
    </Card>
  );
}

function Announcement({ batch }: { batch: ShownBatch }) {
  const t = useMessages(detailMessages);
  const statusText = useMessages(statusMessages);
  const format = useFormat();
  const text = t('announce', {
    final: format.number(batch.progress.final),
    rows: format.number(batch.payoutCount),
    status: statusText(`BATCH_${batch.status}`),
  });
  return (
    <VisuallyHidden aria-live="polite" role="status">
      {useSlowly(text)}
    </VisuallyHidden>
  );
}

/** What is said follows what is, but lets each sentence be heard. The last one is never left out. */
function useSlowly(text: string): string {
  const [said, setSaid] = useState(text);
  const saidAt = useRef(0);
  useEffect(() => {
    const waitMs = Math.max(0, saidAt.current + ANNOUNCE_INTERVAL_MS - Date.now());
    const timer = setTimeout(() => {
      saidAt.current = Date.now();
      setSaid(text);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [text]);
  return said;
}
