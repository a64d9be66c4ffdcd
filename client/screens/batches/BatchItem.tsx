import { Group, Text } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useActorName } from '../../components/ActorText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import type { BatchListItemFragment } from '../../generated/operationTypes.ts';
import { fillNodes } from '../../i18n/fillNodes.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import classes from './batches.module.css';
import { batchMessages } from './messages.ts';
import { ProgressBar } from './ProgressBar.tsx';
import { useBlockerText } from './useBlockerText.ts';

/** A batch in the list. The whole of it leads to the batch. */
export function BatchItem({ batch }: { batch: BatchListItemFragment }) {
  const t = useMessages(batchMessages);
  const format = useFormat();
  const nameOf = useActorName();
  const blockerText = useBlockerText();
  const rows = format.number(batch.payoutCount);
  return (
    <li className={classes.item}>
      <div className={classes.what}>
        <Link to={`/batches/${batch.id}`} className={classes.link}>
          {batch.title}
        </Link>
        <Text size="sm" c="dimmed">
          {t('from', { account: batch.account.name })}
        </Text>
      </div>
      <div className={classes.money}>
        <Amount money={batch.total} fw={600} />
        <Text size="sm" c="dimmed">
          {t('payouts', { count: batch.payoutCount, rows })}
        </Text>
      </div>
      <div className={classes.progress}>
        {batch.status !== 'DRAFT' && <ProgressBar progress={batch.progress} />}
      </div>
      <div className={classes.status}>
        <StatusBadge kind="BATCH" status={batch.status} />
        <Text size="sm" c="dimmed">
          {fillNodes((standIns) => t('byWhom', { actor: nameOf(batch.createdBy), ...standIns }), {
            when: <TimeText iso={batch.createdAt} />,
          })}
        </Text>
      </div>
      {batch.blocker !== null && (
        <Group gap={6} wrap="nowrap" className={classes.blocker} align="flex-start">
          <IconHandStop size={16} stroke={1.6} aria-hidden style={{ flexShrink: 0, marginTop: 2 }} />
          <Text size="sm">{blockerText(batch.blocker).text}</Text>
        </Group>
      )}
    </li>
  );
}
