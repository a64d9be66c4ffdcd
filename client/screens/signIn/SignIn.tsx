import { Alert, Box, Button, Card, Center, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import { chooseLanguage, LANGUAGES, type Language, useLanguage } from '../../i18n/language.ts';
import { useMessages } from '../../i18n/messages.ts';
import { setWallet } from '../../session/currentWallet.ts';
import { rememberKey, takeKeyFromAddressBar } from '../../session/keyStorage.ts';
import { useSession } from '../../session/SessionProvider.tsx';
import { WalletButtons } from '../../session/WalletButtons.tsx';
import { type Wallet, WalletError } from '../../session/wallet.ts';
import { signInMessages } from './messages.ts';

/** Sign-in with a wallet of the browser, or with the key of a demonstration link. */
export function SignIn() {
  const t = useMessages(signInMessages);
  const { session } = useSession();
  const { state } = useLocation();
  const key = useKeyOfLink();
  const isDone = session.kind === 'SIGNED_IN' && !session.isLastKnown && key === null;
  useEffect(() => {
    document.title = `${t('title')} · Protocol Banks`;
  }, [t]);
  if (isDone) return <Navigate to={backTo(state)} replace />;
  return (
    <Center mih="100dvh" p="md" component="main">
      <Card w="100%" maw={440} padding="xl" shadow="sm">
        <Stack gap="md">
          <Group justify="space-between">
            <img src="/icon.svg" width={44} height={44} alt="" />
            <LanguageSwitch />
          </Group>
          <Title order={1} size="h2">
            Protocol Banks
          </Title>
          <Text c="dimmed" size="sm">
            {t('lead')}
          </Text>
          {session.kind === 'SIGNED_OUT' && session.isEnding && (
            <Alert color="yellow" role="status">
              {t('ending')}
            </Alert>
          )}
          {key !== undefined && <Choice key={key} demonstrationKey={key} back={backTo(state)} />}
          <Text c="dimmed" size="xs">
            {t('what')}
          </Text>
        </Stack>
      </Card>
    </Center>
  );
}

/** The key of the demonstration link that was opened; undefined until that is known. */
function useKeyOfLink(): string | null | undefined {
  const [key, setKey] = useState<string | null>();
  useEffect(() => {
    const take = () => {
      const taken = takeKeyFromAddressBar();
      setKey((earlier) => taken ?? earlier ?? null);
    };
    take();
    // Another link, opened in the same tab.
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return key;
}

/** Only ever a path of this site. */
function backTo(state: unknown): string {
  const { back } = (state ?? {}) as { back?: unknown };
  return typeof back === 'string' && back.startsWith('/') && !back.startsWith('//') ? back : '/';
}

function Choice({ demonstrationKey, back }: { demonstrationKey: string | null; back: string }) {
  const t = useMessages(signInMessages);
  const { api, refresh } = useSession();
  const [fault, setFault] = useState<string | null>(null);
  const [isDone, setDone] = useState(false);
  const begun = useRef(false);
  const enter = async (connect: () => Promise<{ wallet: Wallet; chainId: number }>) => {
    setFault(null);
    try {
      // Only who signs in needs the cryptography.
      const { signIn } = await import('../../session/signIn.ts');
      const { wallet, chainId } = await connect();
      await signIn(api.client, wallet, chainId);
      // Not before: the end of an earlier session, told meanwhile, forgets them.
      if (wallet.kind === 'DEMONSTRATION' && demonstrationKey !== null) rememberKey(demonstrationKey);
      setWallet(wallet);
      await refresh();
      setDone(true);
    } catch (caught) {
      const isRefusal = caught instanceof WalletError && caught.isRefusal;
      setFault(
        isRefusal
          ? t('refused')
          : t('failed', { why: caught instanceof Error ? caught.message : String(caught) }),
      );
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    if (demonstrationKey === null || begun.current) return;
    begun.current = true;
    void enter(async () => {
      const { DEMONSTRATION_CHAIN_ID, demonstrationWallet } = await import(
        '../../session/demonstrationKey.ts'
      );
      return { wallet: demonstrationWallet(demonstrationKey), chainId: DEMONSTRATION_CHAIN_ID };
    });
  }, [demonstrationKey]);

  if (isDone) return <Navigate to={back} replace />;
  return (
    <Stack gap="sm">
      {fault !== null && (
        <Alert color="red" role="alert">
          {fault}
        </Alert>
      )}
      {demonstrationKey !== null && fault === null ? (
        <Group wrap="nowrap" role="status">
          <Loader size="sm" />
          <Box>
            <Text size="sm">{t('demonstration')}</Text>
            <Text size="xs" c="dimmed">
              {t('demonstrationHint')}
            </Text>
          </Box>
        </Group>
      ) : (
        <WalletButtons
          heading={t('wallets')}
          none={t('noWallets')}
          label={(name) => t('connect', { name })}
          connect={(wallet) =>
            enter(async () => {
              const { connectWallet } = await import('../../session/browserWallets.ts');
              return connectWallet(wallet, setWallet);
            })
          }
        />
      )}
    </Stack>
  );
}

function LanguageSwitch() {
  const language = useLanguage();
  return (
    <Group gap={4}>
      {(Object.keys(LANGUAGES) as Language[]).map((each) => (
        <Button
          key={each}
          size="compact-sm"
          variant={each === language ? 'light' : 'subtle'}
          color="gray"
          lang={each}
          aria-pressed={each === language}
          onClick={() => void chooseLanguage(each)}
        >
          {LANGUAGES[each]}
        </Button>
      ))}
    </Group>
  );
}
