import { type Address, getAddress, type Hex, isAddress, stringToHex, type TypedDataDefinition } from 'viem';
import { serializeTypedData } from 'viem/utils';
import type { AnnouncedWallet, Eip1193Provider } from './announcedWallets.ts';
import { type Wallet, WalletError } from './wallet.ts';

/** Providers whose changes of account are listened for: once each, however often they are connected. */
const watched = new WeakSet<Eip1193Provider>();

/**
 * Asks the wallet for its account, and which chain it is on.
 * @param changed told when the person chooses another account in the wallet; null when they disconnect it
 * @throws WalletError
 */
export async function connectWallet(
  { info, provider }: AnnouncedWallet,
  changed: (wallet: Wallet | null) => void,
): Promise<{ wallet: Wallet; chainId: number }> {
  const address = firstAccount(await call(provider, 'eth_requestAccounts'));
  if (address === null) throw new WalletError(`${info.name} has no account.`, null);
  if (!watched.has(provider)) {
    watched.add(provider);
    provider.on?.('accountsChanged', (accounts) => {
      const account = firstAccount(accounts);
      changed(account === null ? null : browserWallet(info.name, provider, account));
    });
  }
  const wallet = browserWallet(info.name, provider, address);
  return { wallet, chainId: Number(await call(provider, 'eth_chainId')) };
}

function firstAccount(accounts: unknown): Address | null {
  const [first] = Array.isArray(accounts) ? accounts : [];
  return typeof first === 'string' && isAddress(first, { strict: false }) ? getAddress(first) : null;
}

function browserWallet(name: string, provider: Eip1193Provider, address: Address): Wallet {
  return {
    kind: 'BROWSER',
    name,
    address,
    signMessage: async (message) =>
      (await call(provider, 'personal_sign', [stringToHex(message), address])) as Hex,
    signTypedData: async (data: TypedDataDefinition) => {
      await switchChain(provider, Number(data.domain?.chainId));
      return (await call(provider, 'eth_signTypedData_v4', [address, serializeTypedData(data)])) as Hex;
    },
  };
}

/** Wallets refuse typed data of another chain than they are on; one that does not know the chain says so itself. */
async function switchChain(provider: Eip1193Provider, chainId: number): Promise<void> {
  const wanted = `0x${chainId.toString(16)}`;
  if ((await call(provider, 'eth_chainId')) === wanted) return;
  await call(provider, 'wallet_switchEthereumChain', [{ chainId: wanted }]);
}

async function call(provider: Eip1193Provider, method: string, params: unknown[] = []): Promise<unknown> {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    const { message, code } = (error ?? {}) as { message?: unknown; code?: unknown };
    throw new WalletError(
      typeof message === 'string' ? message : 'The wallet could not do it.',
      typeof code === 'number' ? code : null,
    );
  }
}
