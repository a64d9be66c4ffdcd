import { Stack, Text } from '@mantine/core';
import { AddressText } from '../../components/AddressText.tsx';
import { Section } from '../../components/Section.tsx';
import { useMessages } from '../../i18n/messages.ts';
import type { ShownAccount } from './Account.tsx';
import { detailMessages } from './detailMessages.ts';

/** The whole address, and whether and where money may be sent to it. */
export function PayIn({ account }: { account: ShownAccount }) {
  const t = useMessages(detailMessages);
  const { address, chain, status, safe } = account;
  // What is wrong with a Safe may be that others can move its money.
  const isOpen = status === 'ACTIVE' && (safe?.faults ?? []).length === 0;
  if (address === null) return <Section title={t('addressOf')} hint={t('noAddressYet')} />;
  const assets = chain.assets.edges.map(({ node }) => node.symbol).join(', ');
  return (
    <Section title={t(isOpen ? 'payIn' : 'addressOf')}>
      <Stack gap={6}>
        <Text fw={600} size="sm">
          {isOpen ? t('payInText', { chain: chain.name }) : t('doNotPayIn')}
        </Text>
        <AddressText value={address} full />
        {isOpen && (
          <Text size="sm" c="dimmed">
            {t('payInAssets', { assets })}
          </Text>
        )}
      </Stack>
    </Section>
  );
}
