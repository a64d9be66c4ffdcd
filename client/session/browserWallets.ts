import { type Address, getAddress, type Hex, stringToHex, type TypedDataDefinition } from 'viem';
import { serializeTypedData } from 'viem/utils';
import type { AnnouncedWallet, Eip1193Provider } from './announcedWallets.ts';
import { type Wallet, WalletError } from './wallet.ts';

/** Asks the wallet for its account, and which chain it is on. @throws WalletError */
export async function connectWallet({
  info,
  provider,
}: AnnouncedWallet): Promise<{ wallet: Wallet; chainId: number }> {
  const accounts = (await call(provider, 'eth_requestAccounts')) as unknown;
  const [first] = Array.isArray(accounts) ? accounts : [];
  if (typeof first !== 'string') throw new WalletError(`${info.name} has no account.`, null);
  const address: Address = getAddress(first);
  const wallet: Wallet = {
    kind: 'BROWSER',
    name: info.name,
    address,
    signMessage: async (message) =>
      (await call(provider, 'personal_sign', [stringToHex(message), address])) as Hex,
    signTypedData: async (data: TypedDataDefinition) => {
      await switchChain(provider, Number(data.domain?.chainId));
      return (await call(provider, 'eth_signTypedData_v4', [address, serializeTypedData(data)])) as Hex;
    },
  };
  return { wallet, chainId: Number(await call(provider, 'eth_chainId')) };
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
