import { Anchor, Group, List, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import type { ApprovalDetailQuery, PayoutBatchStatus } from '../../generated/operationTypes.ts';
import { ApprovalPaidBeforeDocument } from '../../generated/screens/approvals/approvals.ts';
import { useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import { issueTextZh } from '../import/issueTextZh.ts';
import { checkMessages } from './checkMessages.ts';
import { StrongNote } from './StrongNote.tsx';
import { usePayoutNumbers } from './usePayoutNumbers.ts';

type Warning = NonNullable<ApprovalDetailQuery['approval']>['subject']['warnings'][number];

/** Each asks the server which batch it is. */
const MAX_SENTENCES = 10;
/** Batches that ended without paying: the server does not warn of them either. */
const NOT_PAYING: readonly PayoutBatchStatus[] = ['REJECTED', 'CANCELLED', 'EXPIRED', 'FAILED'];

/** References that another batch carries too: in the server's words, with that batch to look at. */
export function PaidBefore(props: { warnings: readonly Warning[]; batchId: string; organizationId: string }) {
  const t = useMessages(checkMessages);
  const { warnings, batchId, organizationId } = props;
  if (warnings.length === 0) return null;
  // Payouts that another batch carries have the same sentence of it.
  const bySentence = [...Map.groupBy(warnings, ({ message }) => message).values()];
  return (
    <StrongNote title={t('paidBefore', { count: warnings.length })}>
      <List size="sm" spacing="xs">
        {bySentence.slice(0, MAX_SENTENCES).map((found) => (
          <OtherBatch key={found[0]?.message} {...{ found, batchId, organizationId }} />
        ))}
      </List>
      {bySentence.length > MAX_SENTENCES && (
        <Text size="sm">{t('paidBeforeMore', { count: bySentence.length - MAX_SENTENCES })}</Text>
      )}
    </StrongNote>
  );
}

function OtherBatch(props: { found: readonly Warning[]; batchId: string; organizationId: string }) {
  const t = useMessages(checkMessages);
  const language = useLanguage();
  const numbersOf = usePayoutNumbers();
  const { found, batchId, organizationId } = props;
  const [first] = found;
  const reference = first?.payout.reference ?? null;
  const [{ data }] = useQuery({
    query: ApprovalPaidBeforeDocument,
    variables: { organizationId, reference: reference ?? '' },
    requestPolicy: 'cache-and-network',
    pause: reference === null,
  });
  if (first === undefined) return null;
  const { code, message } = first;
  const others = (data?.organization?.payouts.edges ?? [])
    .filter(({ node }) => node.status !== 'FAILED' && !NOT_PAYING.includes(node.batch.status))
    .map(({ node }) => node.batch)
    .filter(({ id }) => id !== batchId)
    // What is paid weighs most.
    .sort((one, other) => Number(other.status === 'COMPLETED') - Number(one.status === 'COMPLETED'));
  return (
    <List.Item style={{ overflowWrap: 'anywhere' }}>
      {t('payoutsSay', {
        count: found.length,
        numbers: numbersOf(found),
        text: language === 'zh' ? issueTextZh({ code, message, value: reference }) : message,
      })}
      {[...new Map(others.map((batch) => [batch.id, batch])).values()].map(({ id, title, status }) => (
        <Group key={id} gap="xs" mt={4}>
          <Anchor component={Link} to={`/batches/${id}`} size="sm" fw={650}>
            {t('paidBeforeOpen', { title })}
          </Anchor>
          <StatusBadge kind="BATCH" status={status} />
        </Group>
      ))}
    </List.Item>
  );
}
