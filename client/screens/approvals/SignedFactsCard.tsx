import { Box, Card, Collapse, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { AddressText } from '../../components/AddressText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { SoundRequest } from '../../signing/servedRequest.ts';
import { checkMessages } from './checkMessages.ts';
import { signedAmount } from './signedAmount.ts';

const LABEL_WIDTH_PX = 190;

type Opening = NonNullable<SoundRequest['facts']['opening']>;

/** What signing does, in words and numbers, all of it computed in this browser. */
export function SignedFactsCard({
  sound,
  accountName,
  nonceNote,
  isPending,
}: {
  sound: SoundRequest;
  /** The server's name for the account. */
  accountName: string;
  /** What comes first from the account. */
  nonceNote: ReactNode;
  isPending: boolean;
}) {
  const t = useMessages(checkMessages);
  const format = useFormat();
  const { facts } = sound;
  const { opening, token } = facts;
  const total = opening === null ? null : signedAmount(opening.total, token);
  return (
    <Card component="section" aria-labelledby="signed-facts">
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4" id="signed-facts">
            {t(isPending ? 'heading' : 'headingPast')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('fromBytes')}
          </Text>
        </div>
        <Text size="lg" fw={650} data-testid="signed-summary">
          {opening === null || total === null
            ? t('close')
            : t('open', {
                count: opening.payoutCount,
                total: `${format.amount(total.amount)} ${token.symbol}`,
              })}
        </Text>
        <Box component="dl" m={0}>
          <Fact label={t(opening === null ? 'backTo' : 'from')}>
            <Text size="sm">
              {accountName} · {t('chain', { id: facts.chainId })}
            </Text>
            <AddressText value={facts.safe} full />
          </Fact>
          {opening !== null && <OpeningFacts opening={opening} token={token} />}
          <Fact label={t('nonce')}>
            <Text size="sm">
              <Text span fw={650}>
                {`${facts.nonce}`}
              </Text>
              {nonceNote !== null && ' · '}
              {nonceNote}
            </Text>
          </Fact>
        </Box>
        <Technical sound={sound} />
      </Stack>
    </Card>
  );
}

function OpeningFacts({ opening, token }: { opening: Opening; token: SoundRequest['facts']['token'] }) {
  const t = useMessages(checkMessages);
  const format = useFormat();
  return (
    <>
      <Fact label={t('total')}>
        <Amount money={signedAmount(opening.total, token)} fw={650} />
      </Fact>
      <Fact label={t('payouts')}>
        {t('payoutsOf', {
          payouts: format.number(opening.payoutCount),
          recipients: format.number(opening.recipientCount),
        })}
      </Fact>
      <Fact label={t('largest')}>
        <Amount money={signedAmount(opening.largest.units, token)} fw={650} />{' '}
        <Text span size="sm" c="dimmed">
          {t('largestTo', { number: format.number(opening.largest.index + 1) })}
        </Text>
        <br />
        <AddressText value={opening.largest.recipient} full />
      </Fact>
      <Fact label={t('openBy')}>{format.dateTime(isoOf(opening.openBy))}</Fact>
    </>
  );
}

function Technical({ sound: { digest, facts } }: { sound: SoundRequest }) {
  const t = useMessages(checkMessages);
  const format = useFormat();
  const [isOpen, { toggle }] = useDisclosure(false);
  const Icon = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <UnstyledButton onClick={toggle} aria-expanded={isOpen}>
        <Group gap={4}>
          <Icon size={16} aria-hidden />
          <Text size="sm" fw={600}>
            {t('technical')}
          </Text>
        </Group>
      </UnstyledButton>
      <Collapse expanded={isOpen}>
        <Box component="dl" m={0} mt="xs">
          <Fact label={t('digest')}>
            <AddressText value={digest} full />
          </Fact>
          <Fact label={t('vault')}>
            <AddressText value={facts.vault} full />
          </Fact>
          <Fact label={`${t('token')} (${facts.token.symbol})`}>
            <AddressText value={facts.token.address} full />
          </Fact>
          {facts.opening !== null && (
            <Fact label={t('closeAfter')}>{format.dateTime(isoOf(facts.opening.closeAfter))}</Fact>
          )}
        </Box>
      </Collapse>
    </div>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group
      component="div"
      gap={4}
      align="baseline"
      py={6}
      style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}
    >
      <Text component="dt" size="sm" c="dimmed" w={LABEL_WIDTH_PX} style={{ flexShrink: 0 }}>
        {label}
      </Text>
      <Text component="dd" m={0} size="sm" style={{ flex: '1 1 240px', minWidth: 0 }}>
        {children}
      </Text>
    </Group>
  );
}

function isoOf(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
