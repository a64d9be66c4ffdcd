import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useActorName } from '../../components/ActorText.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { ShownBatch } from './Batch.tsx';
import { detailMessages } from './detailMessages.ts';

/** What was asked of the approvers for this batch, and how far they are. */
export function BatchApprovals({ batch }: { batch: ShownBatch }) {
  const t = useMessages(detailMessages);
  const { edges } = batch.approvals;
  return (
    <Card component="section" aria-labelledby="approvals-title">
      <Title order={2} size="h4" id="approvals-title" mb="sm">
        {t('approvals')}
      </Title>
      {edges.length === 0 && <Text c="dimmed">{t('noApprovals')}</Text>}
      <Stack gap="sm">
        {edges.map(({ node }) => (
          <ApprovalLine key={node.id} approval={node} />
        ))}
      </Stack>
    </Card>
  );
}

function ApprovalLine({ approval }: { approval: ShownBatch['approvals']['edges'][number]['node'] }) {
  const t = useMessages(detailMessages);
  const format = useFormat();
  const nameOf = useActorName();
  const granted = approval.decisions.filter(({ verdict }) => verdict === 'GRANTED').length;
  return (
    <Group justify="space-between" gap="xs">
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text fw={600}>{t(approval.kind === 'PAYOUT_CLOSE' ? 'approvalClose' : 'approvalOpen')}</Text>
          <StatusBadge kind="APPROVAL" status={approval.status} />
          {approval.viewerCanDecide && <Badge color="yellow">{t('waitsForYou')}</Badge>}
        </Group>
        <Text size="sm" c="dimmed">
          {t('signatures', { granted: format.number(granted), threshold: format.number(approval.threshold) })}
          {' · '}
          {t('byAt', { actor: nameOf(approval.requestedBy), when: format.dateTime(approval.createdAt) })}
        </Text>
      </div>
      <Button
        component={Link}
        to={`/approvals/${approval.id}`}
        size="xs"
        variant={approval.viewerCanDecide ? 'filled' : 'default'}
      >
        {t(approval.viewerCanDecide ? 'decide' : 'look')}
      </Button>
    </Group>
  );
}
