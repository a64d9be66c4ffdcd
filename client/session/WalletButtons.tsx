import { Button, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type AnnouncedWallet, listenForWallets } from './announcedWallets.ts';

const ICON_PX = 22;

/**
 * A button for each wallet that announces itself in this browser.
 * @param props.connect shows its faults itself
 */
export function WalletButtons(props: {
  heading: string;
  none: string;
  label: (name: string) => string;
  connect: (wallet: AnnouncedWallet) => Promise<void>;
}) {
  const [wallets, setWallets] = useState<readonly AnnouncedWallet[]>([]);
  const [busy, setBusy] = useState<string | null>(null);
  useEffect(() => listenForWallets((wallet) => setWallets((earlier) => [...earlier, wallet])), []);
  if (wallets.length === 0) return <Text size="sm">{props.none}</Text>;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {props.heading}
      </Text>
      {wallets.map((wallet) => (
        <Button
          key={wallet.info.uuid}
          variant="default"
          size="md"
          justify="flex-start"
          loading={busy === wallet.info.uuid}
          leftSection={
            wallet.info.icon === '' ? undefined : (
              <img src={wallet.info.icon} width={ICON_PX} height={ICON_PX} alt="" />
            )
          }
          onClick={async () => {
            setBusy(wallet.info.uuid);
            await props.connect(wallet);
            setBusy(null);
          }}
        >
          {props.label(wallet.info.name)}
        </Button>
      ))}
    </Stack>
  );
}
