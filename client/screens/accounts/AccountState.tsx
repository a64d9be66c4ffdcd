import { Alert, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconArchive } from '@tabler/icons-react';
import { AddressText } from '../../components/AddressText.tsx';
import type { SafeFaultCode } from '../../generated/operationTypes.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { ShownAccount } from './Account.tsx';
import { detailMessages } from './detailMessages.ts';

const ICON_PX = 20;
type FaultKey = Extract<(typeof detailMessages)['keys'][number], `fault_${string}`>;

/** What keeps an account from being used as usual, and what comes of it; nothing of one that is in order. */
export function AccountState({ account }: { account: ShownAccount }) {
  return (
    <div role="status">
      <State account={account} />
    </div>
  );
}

function State({ account }: { account: ShownAccount }) {
  const t = useMessages(detailMessages);
  const { status, safe } = account;
  if (status === 'OPENING') {
    // One that is opened here knows its owners from the beginning; one that is adopted has to be read.
    const isAdopted = account.threshold === 0;
    return (
      <Alert
        color="yellow"
        mb="lg"
        icon={<Loader size={ICON_PX} color="yellow" aria-hidden />}
        title={t(isAdopted ? 'reading' : 'opening')}
      >
        <Stack gap="sm">
          <Text size="sm">{t(isAdopted ? 'readingHint' : 'openingHint')}</Text>
          {isAdopted && <Faults account={account} />}
        </Stack>
      </Alert>
    );
  }
  if (status === 'CLOSED') {
    return (
      <Alert color="gray" mb="lg" icon={<IconArchive size={ICON_PX} aria-hidden />} title={t('closed')}>
        {t('closedHint')}
      </Alert>
    );
  }
  const isRefused = status === 'REFUSED';
  if (!isRefused && (safe?.faults ?? []).length === 0) return null;
  return (
    <Alert
      color="red"
      mb="lg"
      icon={<IconAlertTriangle size={ICON_PX} aria-hidden />}
      title={t(isRefused ? 'refused' : 'faulty')}
    >
      <Stack gap="sm">
        <Text size="sm">{t(isRefused ? 'refusedHint' : 'faultyHint')}</Text>
        <Faults account={account} />
      </Stack>
    </Alert>
  );
}

/** Each fault in words, with the addresses at fault. */
function Faults({ account }: { account: ShownAccount }) {
  const t = useMessages(detailMessages);
  const codes = [...new Set(account.safe?.faults.map(({ code }) => code))];
  if (codes.length === 0) return null;
  return (
    <ul style={{ margin: 0, paddingInlineStart: 20 }}>
      {codes.map((code) => {
        const key = `fault_${code}` as FaultKey;
        const isKnown = (detailMessages.keys as readonly string[]).includes(key);
        return (
          <li key={code}>
            <Text size="sm" fw={600}>
              {t(isKnown ? key : 'fault_UNKNOWN', { chain: account.chain.name })}
            </Text>
            {addressesAtFault(code, account).map((address) => (
              <div key={address}>
                <AddressText value={address} full />
              </div>
            ))}
          </li>
        );
      })}
    </ul>
  );
}

function addressesAtFault(code: SafeFaultCode, { address, safe }: ShownAccount): readonly string[] {
  const named: Partial<Record<SafeFaultCode, readonly (string | null | undefined)[]>> = {
    NO_CODE: [address],
    PROXY_UNKNOWN: [address],
    SINGLETON_UNKNOWN: [safe?.singleton],
    MODULE_ENABLED: safe?.modules ?? [],
    GUARD_SET: [safe?.guard],
    FALLBACK_HANDLER_UNKNOWN: [safe?.fallbackHandler],
  };
  return (named[code] ?? []).filter((each) => each !== null && each !== undefined);
}
