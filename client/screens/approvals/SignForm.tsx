import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconSignature } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { CombinedError } from 'urql';
import { useMutation } from 'urql';
import { AddressText } from '../../components/AddressText.tsx';
import { ApprovalGrantDocument } from '../../generated/screens/approvals/approvals.ts';
import { useMessages } from '../../i18n/messages.ts';
import type { AnnouncedWallet } from '../../session/announcedWallets.ts';
import { setWallet, useWallet } from '../../session/currentWallet.ts';
import { rememberedKey } from '../../session/keyStorage.ts';
import { WalletButtons } from '../../session/WalletButtons.tsx';
import { type Wallet, WalletError } from '../../session/wallet.ts';
import type { SoundRequest } from '../../signing/servedRequest.ts';
import { decideMessages } from './decideMessages.ts';

type OwnSigner = { readonly id: string; readonly address: string };
type SignFormProps = {
  approvalId: string;
  sound: SoundRequest;
  /** Keys of the viewer that can sign: any of them will do. */
  signers: readonly OwnSigner[];
  isHindered: boolean;
  /** The signature is recorded. */
  onDone(): void;
};

const FILE_TEXTS = { NOT_GIVEN: 'withoutFile', MATCHES: 'withFile', PARTLY: 'withPart' } as const;

/** Has the wallet sign the typed data that was rebuilt here, and sends the signature. */
export function SignForm({ approvalId, sound, signers, isHindered, onDone }: SignFormProps) {
  const t = useMessages(decideMessages);
  const wallet = useWallet();
  const isKeyElsewhere = useIsDemonstration(sound.facts.chainId) && rememberedKey() === null;
  const { fault, isSigning, sign, setFault } = useSigning(approvalId, sound, onDone);
  const connect = async (announced: AnnouncedWallet) => {
    setFault(null);
    try {
      const { connectWallet } = await import('../../session/browserWallets.ts');
      setWallet((await connectWallet(announced, setWallet)).wallet);
    } catch (cause) {
      setFault(walletFault(t, cause));
    }
  };
  const walletName = wallet?.kind === 'DEMONSTRATION' ? t('demonstrationKey') : (wallet?.name ?? '');
  const signer = signers.find(({ address }) => address.toLowerCase() === wallet?.address.toLowerCase());
  return (
    <Stack gap="sm">
      {sound.facts.opening !== null && <Text size="sm">{t(FILE_TEXTS[sound.file.kind])}</Text>}
      {wallet === null && (
        <WalletButtons
          heading={t('connect')}
          none={t(isKeyElsewhere ? 'keyElsewhere' : 'noWallets')}
          label={(name) => t('connectWith', { name })}
          connect={connect}
        />
      )}
      {wallet !== null && signer === undefined && (
        <WrongAccount name={walletName} wallet={wallet} signers={signers} />
      )}
      {wallet !== null && signer !== undefined && (
        <>
          <div>
            <Text size="sm" c="dimmed">
              {t('signWith', { wallet: walletName })}
            </Text>
            <AddressText value={wallet.address} full />
          </div>
          <Button
            size="md"
            leftSection={<IconSignature size={18} aria-hidden />}
            loading={isSigning}
            disabled={isHindered}
            onClick={() => void sign(wallet, signer.id)}
          >
            {t('sign')}
          </Button>
        </>
      )}
      {isSigning && wallet?.kind === 'BROWSER' && (
        <Text size="sm" role="status">
          {t('signing')}
        </Text>
      )}
      {fault !== null && (
        <Alert color="red" role="alert" style={{ overflowWrap: 'anywhere' }}>
          {fault}
        </Alert>
      )}
    </Stack>
  );
}

/** Whether keys of sign-in links sign for the chain. Each tab has its own: a link that is opened beside them has none. */
function useIsDemonstration(chainId: number): boolean {
  const [demonstrationChainId, setDemonstrationChainId] = useState<number | null>(null);
  useEffect(() => {
    let isCurrent = true;
    // What signs is heavy, and is not there before it is needed.
    import('../../session/demonstrationKey.ts').then(
      ({ DEMONSTRATION_CHAIN_ID }) => isCurrent && setDemonstrationChainId(DEMONSTRATION_CHAIN_ID),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, []);
  return demonstrationChainId === chainId;
}

function WrongAccount({
  name,
  wallet,
  signers,
}: {
  name: string;
  wallet: Wallet;
  signers: readonly OwnSigner[];
}) {
  const t = useMessages(decideMessages);
  return (
    <Alert color="yellow" role="alert" title={t('wrongAccount')}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {t('wrongAccountText', { wallet: name, address: wallet.address })}
      </Text>
      {signers.map(({ id, address }) => (
        <div key={id}>
          <AddressText value={address} full />
        </div>
      ))}
    </Alert>
  );
}

function useSigning(approvalId: string, sound: SoundRequest, onDone: () => void) {
  const t = useMessages(decideMessages);
  const [, grant] = useMutation(ApprovalGrantDocument);
  const [isSigning, setSigning] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const send = async (signerId: string, signature: string): Promise<string | null> => {
    const { data, error } = await grant({
      input: { approvalId, signerId, signature: { wallet: signature } },
    });
    if (error !== undefined) return t('notSent', { why: textOf(error) });
    const [first] = data?.approvalGrant?.userErrors ?? [];
    return first === undefined ? null : t('notSent', { why: first.message });
  };
  const sign = async (wallet: Wallet, signerId: string) => {
    setSigning(true);
    setFault(null);
    try {
      const failed = await send(signerId, await wallet.signTypedData(sound.typedData));
      setFault(failed);
      if (failed === null) onDone();
    } catch (cause) {
      setFault(walletFault(t, cause));
    }
    setSigning(false);
  };
  return { fault, isSigning, sign, setFault };
}

function walletFault(
  t: ReturnType<typeof useMessages<(typeof decideMessages)['keys'][number]>>,
  cause: unknown,
) {
  if (cause instanceof WalletError && cause.isRefusal) return t('declined');
  return t('walletFailed', { why: cause instanceof Error ? cause.message : String(cause) });
}

function textOf({ networkError, graphQLErrors, message }: CombinedError): string {
  return networkError?.message ?? graphQLErrors[0]?.message ?? message;
}
