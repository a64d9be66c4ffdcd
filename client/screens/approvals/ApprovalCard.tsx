import { Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { IconClockHour4 } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useActorName } from '../../components/ActorText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import type { ApprovalCardFragment } from '../../generated/operationTypes.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useBlockerText } from '../batches/useBlockerText.ts';
import { countVerdicts } from './countVerdicts.ts';
import { approvalMessages } from './messages.ts';
import { READABLE_RED } from './readableRed.ts';

/** One approval of a list: what, from where, how much, who asks, and how far it is. */
export function ApprovalCard({ approval, isMine }: { approval: ApprovalCardFragment; isMine: boolean }) {
  const t = useMessages(approvalMessages);
  const format = useFormat();
  const actorName = useActorName();
  const { subject, account, threshold, status } = approval;
  const { granted, rejected } = countVerdicts(approval.decisions);
  const title = useApprovalTitle()(approval);
  const isPending = status === 'PENDING';
  const isOver = Date.parse(approval.expiresAt) < Date.now();
  return (
    <Card component="article" aria-label={title} p="md">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
          <Stack gap={0} style={{ minWidth: 0 }}>
            <Title order={3} size="h4" style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            <Text size="sm" c="dimmed">
              {account.name} · {t('asked', { who: actorName(approval.requestedBy) })},{' '}
              <TimeText iso={approval.createdAt} />
            </Text>
          </Stack>
          <StatusBadge kind="APPROVAL" status={status} />
        </Group>
        <Group justify="space-between" gap="sm" align="flex-end">
          <Stack gap={2} style={{ flex: '1 1 220px', minWidth: 0 }}>
            {approval.kind === 'PAYOUT_OPEN' && (
              <Text size="lg" fw={650}>
                <Amount money={subject.total} />
                <Text span size="sm" c="dimmed" fw={400}>
                  {' · '}
                  {t('payouts', { count: subject.payoutCount })}
                </Text>
              </Text>
            )}
            <Group gap="xs">
              <Progress
                value={threshold === 0 ? 0 : (100 * Math.min(granted, threshold)) / threshold}
                w={72}
                size="sm"
                aria-label={t('progress', { granted, threshold })}
              />
              <Text size="sm">{t('decided', { granted, threshold })}</Text>
              {rejected > 0 && (
                <Text size="sm" c={READABLE_RED}>
                  {t('rejected', { count: rejected })}
                </Text>
              )}
            </Group>
          </Stack>
          <Button
            component={Link}
            to={`/approvals/${approval.id}`}
            variant={isMine ? 'filled' : 'default'}
            aria-label={`${isMine ? t('review') : t('open')}: ${title}`}
          >
            {isMine ? t('review') : t('open')}
          </Button>
        </Group>
        {isPending && (
          <Group gap={6} c="dimmed" wrap="nowrap">
            <IconClockHour4 size={16} aria-hidden style={{ flexShrink: 0 }} />
            <Text size="sm">
              {t(isOver ? 'expired' : 'expires', { when: format.dateTime(approval.expiresAt) })}
            </Text>
          </Group>
        )}
        <Waiting approval={approval} />
      </Stack>
    </Card>
  );
}

/** What comes first from the account, and what holds the batch besides. */
function Waiting({ approval: { status, waitsFor, subject } }: { approval: ApprovalCardFragment }) {
  const t = useMessages(approvalMessages);
  const blockerText = useBlockerText();
  const titleOf = useApprovalTitle();
  const { blocker } = subject;
  const isLive = status === 'PENDING' || status === 'APPROVED';
  const isNamed = waitsFor !== null && blocker?.code === 'WAITS_FOR_NONCE';
  return (
    <>
      {isLive && waitsFor !== null && <Text size="sm">{t('waitsFor', { title: titleOf(waitsFor) })}</Text>}
      {isLive && blocker !== null && !isNamed && <Text size="sm">{blockerText(blocker).text}</Text>}
    </>
  );
}

type Titled = Pick<ApprovalCardFragment, 'kind'> & { subject: { title: string } };

/** What an approval is called: its batch, and that it is a closing where it is one. */
export function useApprovalTitle(): (approval: Titled) => string {
  const t = useMessages(approvalMessages);
  return ({ kind, subject: { title } }) => (kind === 'PAYOUT_CLOSE' ? t('closing', { title }) : title);
}
