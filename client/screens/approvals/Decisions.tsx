import { Card, Group, Progress, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { AddressText } from '../../components/AddressText.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import type { ApprovalCardFragment } from '../../generated/operationTypes.ts';
import { useMessages } from '../../i18n/messages.ts';
import { countVerdicts } from './countVerdicts.ts';
import { approvalMessages } from './messages.ts';

const FULL_PERCENT = 100;

/** Who has decided what, and how many signatures are still missing; it changes as others decide. */
export function Decisions({ approval }: { approval: ApprovalCardFragment }) {
  const t = useMessages(approvalMessages);
  const { decisions, threshold } = approval;
  const { granted } = countVerdicts(decisions);
  return (
    <Card component="section" aria-labelledby="decisions">
      <Stack gap="sm">
        <Title order={2} size="h4" id="decisions">
          {t('decisions')}
        </Title>
        <div>
          <Text size="sm" fw={600} aria-live="polite">
            {t('progress', { granted, threshold })}
          </Text>
          <Progress
            mt={6}
            value={threshold === 0 ? 0 : (FULL_PERCENT * Math.min(granted, threshold)) / threshold}
            aria-label={t('progress', { granted, threshold })}
          />
        </div>
        {decisions.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('noDecisions')}
          </Text>
        ) : (
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
            {decisions.map((decision) => (
              <Decision key={decision.signerAddress} decision={decision} />
            ))}
          </Stack>
        )}
      </Stack>
    </Card>
  );
}

function Decision({ decision }: { decision: ApprovalCardFragment['decisions'][number] }) {
  const t = useMessages(approvalMessages);
  const { verdict, user, signerAddress, decidedAt, reason } = decision;
  const isGranted = verdict === 'GRANTED';
  return (
    <Group component="li" gap="sm" align="flex-start" wrap="nowrap">
      <ThemeIcon size={24} radius="xl" color={isGranted ? 'teal' : 'red'} variant="light" aria-hidden>
        {isGranted ? <IconCheck size={14} /> : <IconX size={14} />}
      </ThemeIcon>
      <div style={{ minWidth: 0 }}>
        <Text size="sm">
          <Text span inherit fw={600}>
            {user?.displayName ?? t('elsewhere')}
          </Text>{' '}
          {t(isGranted ? 'granted' : 'rejectedVerdict')} · <TimeText iso={decidedAt} />
        </Text>
        <AddressText value={signerAddress} />
        {reason !== null && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {t('reasonSaid', { reason })}
          </Text>
        )}
      </div>
    </Group>
  );
}
