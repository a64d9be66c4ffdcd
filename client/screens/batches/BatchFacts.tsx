import { Anchor, Card, SimpleGrid, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useActorName } from '../../components/ActorText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { fillNodes } from '../../i18n/fillNodes.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { ShownBatch } from './Batch.tsx';
import { detailMessages } from './detailMessages.ts';

/** Who made the batch, what it pays and from where. */
export function BatchFacts({ batch }: { batch: ShownBatch }) {
  const t = useMessages(detailMessages);
  const format = useFormat();
  const nameOf = useActorName();
  const first = batch.approvals.edges[0]?.node;
  const { submittedAt, completedAt, largestPayout, estimatedNetworkFee, networkFee } = batch;
  const byAt = (actor: string, iso: string) => t('byAt', { actor, when: format.dateTime(iso) });
  return (
    <Card component="section" aria-labelledby="facts-title">
      <VisuallyHidden component="h2" id="facts-title">
        {t('facts')}
      </VisuallyHidden>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="md" component="dl" m={0}>
        <Fact label={t('total')}>
          <Amount money={batch.total} fw={700} fz="lg" />
        </Fact>
        <Fact label={t('account')}>
          <Anchor component={Link} to={`/accounts/${batch.account.id}`}>
            {batch.account.name}
          </Anchor>
        </Fact>
        <Fact label={t('created')}>{byAt(nameOf(batch.createdBy), batch.createdAt)}</Fact>
        <Fact label={t('submitted')}>
          {submittedAt === null
            ? t('notYet')
            : first === undefined
              ? format.dateTime(submittedAt)
              : byAt(nameOf(first.requestedBy), submittedAt)}
        </Fact>
        <Fact label={t('completed')}>
          {completedAt === null ? t('notYet') : format.dateTime(completedAt)}
        </Fact>
        {largestPayout !== null && (
          <Fact label={t('largest')}>
            {fillNodes(
              (standIns) => t('largestOf', { row: format.number(largestPayout.index + 1), ...standIns }),
              { amount: <Amount money={largestPayout.amount} /> },
            )}
          </Fact>
        )}
        {estimatedNetworkFee !== null && (
          <Fact label={t('estimatedNetworkFee')} hint={t('networkFeePayer')}>
            <Amount money={estimatedNetworkFee} />
          </Fact>
        )}
        {networkFee.units !== '0' && (
          <Fact label={t('networkFee')} hint={t('networkFeePayer')}>
            <Amount money={networkFee} />
          </Fact>
        )}
        <Fact label={t('newRecipients')}>
          <Text inherit component="span" {...(batch.newRecipientCount > 0 ? { fw: 600 } : {})}>
            {t('newRecipientsOf', {
              rows: format.number(batch.newRecipientCount),
              all: format.number(batch.payoutCount),
            })}
          </Text>
        </Fact>
      </SimpleGrid>
    </Card>
  );
}

function Fact({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
      <Text size="sm" c="dimmed" component="dt">
        {label}
      </Text>
      <Text component="dd" m={0}>
        {children}
        {hint !== undefined && (
          <Text component="span" display="block" size="sm" c="dimmed">
            {hint}
          </Text>
        )}
      </Text>
    </div>
  );
}
