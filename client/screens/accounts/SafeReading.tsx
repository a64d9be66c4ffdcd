import { Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { AddressText } from '../../components/AddressText.tsx';
import { Section } from '../../components/Section.tsx';
import type { SafeFaultCode } from '../../generated/operationTypes.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { ShownAccount } from './Account.tsx';
import classes from './accounts.module.css';
import { detailMessages } from './detailMessages.ts';

const ICON_PX = 20;
const ZERO_ADDRESS = /^0x0+$/;
/** Which faults concern which part; the server decides what a fault is. */
const CODE_FAULTS: readonly SafeFaultCode[] = ['NO_CODE', 'PROXY_UNKNOWN', 'SINGLETON_UNKNOWN'];
const OWNER_FAULTS: readonly SafeFaultCode[] = ['NOT_SET_UP', 'TOO_MANY_OWNERS', 'NO_KNOWN_OWNER'];

/** What the Safe is made of, as it was read at a block: each part with whether it is in order. */
export function SafeReading({ account }: { account: ShownAccount }) {
  const t = useMessages(detailMessages);
  const format = useFormat();
  const { safe, chain } = account;
  if (safe === null) return <Section title={t('safe')} hint={t('notRead')} />;
  const has = (...codes: readonly SafeFaultCode[]) => safe.faults.some(({ code }) => codes.includes(code));
  const version = safe.version === null ? t('versionUnknown') : t('version', { version: safe.version });
  return (
    <Section
      title={t('safe')}
      hint={t('readAt', { block: format.amount(safe.blockNumber, 0), chain: chain.name })}
    >
      <Stack gap="sm" component="ul" className={classes.reading ?? ''}>
        <Part name={`${t('code')} · ${version}`} isWrong={has(...CODE_FAULTS)}>
          <AddressOrNone address={ZERO_ADDRESS.test(safe.singleton) ? null : safe.singleton} />
        </Part>
        <Part name={t('owners')} isWrong={has(...OWNER_FAULTS)}>
          <Text size="sm">{format.number(safe.owners.length)}</Text>
        </Part>
        <Part name={t('modules')} isWrong={has('MODULE_ENABLED', 'MODULES_UNREADABLE')}>
          {safe.modules.length === 0 && <AddressOrNone address={null} />}
          {safe.modules.map((module) => (
            <AddressOrNone key={module} address={module} />
          ))}
        </Part>
        <Part name={t('guard')} isWrong={has('GUARD_SET')}>
          <AddressOrNone address={safe.guard} />
        </Part>
        <Part name={t('handler')} isWrong={has('FALLBACK_HANDLER_UNKNOWN')}>
          <AddressOrNone address={safe.fallbackHandler} />
        </Part>
        {has('STORAGE_UNKNOWN', 'STORAGE_UNPROVEN') && (
          <Part name={t('storage')} isWrong>
            <Text size="sm">{t('storageMore')}</Text>
          </Part>
        )}
      </Stack>
    </Section>
  );
}

function Part({ name, isWrong, children }: { name: string; isWrong: boolean; children: ReactNode }) {
  const t = useMessages(detailMessages);
  const Icon = isWrong ? IconCircleX : IconCircleCheck;
  return (
    <li className={classes.part}>
      <Icon
        size={ICON_PX}
        color={isWrong ? 'var(--mantine-color-red-6)' : 'var(--mantine-color-teal-6)'}
        aria-hidden
      />
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600}>
          {name}
          <VisuallyHidden>: {t(isWrong ? 'wrong' : 'fine')}</VisuallyHidden>
        </Text>
        {children}
      </div>
    </li>
  );
}

function AddressOrNone({ address }: { address: string | null }) {
  const t = useMessages(detailMessages);
  return address === null ? <Text size="sm">{t('none')}</Text> : <AddressText value={address} full />;
}
