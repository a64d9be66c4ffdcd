import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { Amount } from '../../components/Amount.tsx';
import { Section } from '../../components/Section.tsx';
import type { WaitingBatchFragment } from '../../generated/operationTypes.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import type { DashboardOrganization } from './Dashboard.tsx';
import classes from './dashboard.module.css';
import { dashboardMessages } from './messages.ts';

/** Approvals that need the viewer's signature, and drafts that they may submit. */
export function Waiting({ organization }: { organization: DashboardOrganization }) {
  const t = useMessages(dashboardMessages);
  const format = useFormat();
  const { may } = useOrganization();
  const { approvals } = organization;
  // A draft waits for those who may submit it.
  const drafts = may('BATCH_SUBMIT') ? organization.drafts : null;
  const isEmpty = approvals.edges.length === 0 && (drafts?.edges ?? []).length === 0;
  return (
    <Section title={t('waiting')}>
      {isEmpty && (
        <Text c="dimmed" size="sm">
          {t('nothingWaits')} {t('nothingWaitsHint')}
        </Text>
      )}
      <Stack gap="xs" component="ul" className={classes.plain}>
        {approvals.edges.map(({ node }) => (
          <Item
            key={node.id}
            to={`/approvals/${node.id}`}
            batch={node.subject}
            label={t(node.kind === 'PAYOUT_CLOSE' ? 'toClose' : 'toApprove')}
            color="yellow"
            note={t('until', { when: format.dateTime(node.expiresAt) })}
          />
        ))}
        {drafts?.edges.map(({ node }) => (
          <Item key={node.id} to={`/batches/${node.id}`} batch={node} label={t('draft')} color="gray" />
        ))}
      </Stack>
      <Group mt={approvals.pageInfo.hasNextPage || drafts?.pageInfo.hasNextPage === true ? 'sm' : 0}>
        {approvals.pageInfo.hasNextPage && (
          <Anchor component={Link} to="/approvals" size="sm">
            {t('allApprovals')}
          </Anchor>
        )}
        {drafts?.pageInfo.hasNextPage === true && (
          <Anchor component={Link} to="/batches?show=drafts" size="sm">
            {t('allDrafts')}
          </Anchor>
        )}
      </Group>
    </Section>
  );
}

function Item(props: {
  to: string;
  batch: WaitingBatchFragment;
  label: string;
  color: string;
  note?: string;
}) {
  const t = useMessages(dashboardMessages);
  const format = useFormat();
  const { batch } = props;
  return (
    <li className={classes.waiting}>
      <div style={{ minWidth: 0 }}>
        <Anchor component={Link} to={props.to} fw={600} style={{ overflowWrap: 'anywhere' }}>
          {batch.title}
        </Anchor>
        <Text size="sm" c="dimmed">
          <Amount money={batch.total} />
          {' · '}
          {t('payouts', { count: batch.payoutCount, rows: format.number(batch.payoutCount) })}
          {props.note !== undefined && ` · ${props.note}`}
        </Text>
      </div>
      <Badge variant="light" color={props.color} style={{ flexShrink: 0 }}>
        {props.label}
      </Badge>
    </li>
  );
}
