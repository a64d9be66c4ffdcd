import { Button, Card, Center, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { AddressText } from '../../components/AddressText.tsx';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { InvitationOfSecretDocument } from '../../generated/screens/members/invitation.ts';
import { useFormat } from '../../i18n/format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useSession, useUser } from '../../session/SessionProvider.tsx';
import { AcceptForm } from './AcceptForm.tsx';
import { acceptMessages } from './acceptMessages.ts';
import { takeInvitationSecret } from './invitationSecret.ts';

/** What the link of an invitation leads to: what one is invited to, and the way in. */
export function AcceptInvitation() {
  const t = useMessages(acceptMessages);
  const secret = useSecretOfLink();
  useEffect(() => {
    document.title = `${t('title')} · Protocol Banks`;
  }, [t]);
  return (
    <Center mih="100dvh" p="md" component="main">
      <Card w="100%" maw={520} padding="xl">
        {secret === null && <Refusal title={t('noSecret')} hint={t('noSecretHint')} />}
        {typeof secret === 'string' && <Invited key={secret} secret={secret} />}
      </Card>
    </Center>
  );
}

/** The secret of the link that was opened, once it is out of the address bar; null without one, undefined until then. */
function useSecretOfLink(): string | null | undefined {
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const [secret, setSecret] = useState<string | null>();
  useEffect(() => {
    // The second time, which React may make it do, there is nothing to take: what was taken is held.
    setSecret(takeInvitationSecret(hash));
    if (hash !== '') void navigate(pathname, { replace: true });
  }, [hash, pathname, navigate]);
  return secret;
}

function Invited({ secret }: { secret: string }) {
  const t = useMessages(acceptMessages);
  const format = useFormat();
  const user = useUser();
  const [{ data, error }, again] = useQuery({
    query: InvitationOfSecretDocument,
    variables: { secret },
    // Neither the secret nor what it opens is kept in this browser.
    context: NOT_KEPT,
  });
  if (error !== undefined) {
    return <ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  }
  if (data === undefined) return <LoadingState />;
  const { invitation } = data;
  if (invitation === null) return <Refusal title={t('unknown')} hint={t('unknownHint')} />;
  const { status, address, expiresAt } = invitation;
  if (status !== 'PENDING') {
    return <Refusal title={t(status)} hint={t(`${status}Hint`, { when: format.dateTime(expiresAt) })} />;
  }
  if (address !== null && !user.signers.some((signer) => signer.address === address)) {
    return (
      <Refusal title={t('wrongWallet')} hint={t('wrongWalletHint')} isOtherWalletOffered>
        <AddressText value={address} full />
      </Refusal>
    );
  }
  return <AcceptForm secret={secret} invitation={invitation} />;
}

const NOT_KEPT = { requestPolicy: 'network-only', lastKnown: false } as const;

/** Why there is nothing to accept, and where to go instead. */
function Refusal(props: {
  title: string;
  hint: string;
  isOtherWalletOffered?: boolean;
  children?: ReactNode;
}) {
  const t = useMessages(acceptMessages);
  const { signOut } = useSession();
  const user = useUser();
  return (
    <Stack gap="md" role="alert">
      <Title order={1} size="h3">
        {props.title}
      </Title>
      <Text size="sm">{props.hint}</Text>
      {props.children}
      {props.isOtherWalletOffered === true && (
        <>
          <Text size="sm" c="dimmed">
            {t('signedInAs', { name: user.displayName })}
          </Text>
          <Button onClick={() => void signOut()}>{t('other')}</Button>
        </>
      )}
      <Button component={Link} to="/" variant="default">
        {t('home')}
      </Button>
    </Stack>
  );
}
