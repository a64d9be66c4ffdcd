// The demonstration's keys come in a link's fragment, which no server ever sees. They are public, and worth nothing on any
// chain but the embedded one's.
import { isHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { type Wallet, WalletError } from './wallet.ts';

export const DEMONSTRATION_CHAIN_ID = 31_337;
const KEY_BYTES = 32;

/**
 * It signs for the embedded chain and no other.
 * @param key 32 bytes in hexadecimal digits
 * @throws WalletError when it is no key
 */
export function demonstrationWallet(key: string): Wallet {
  if (!isHex(key) || key.length !== 2 + 2 * KEY_BYTES)
    throw new WalletError('The link holds no usable key.', null);
  const account = privateKeyToAccount(key);
  return {
    kind: 'DEMONSTRATION',
    name: 'Demonstration key',
    address: account.address,
    signMessage: (message) => account.signMessage({ message }),
    signTypedData: async (data) => {
      requireEmbedded(Number(data.domain?.chainId));
      return account.signTypedData(data);
    },
  };
}

function requireEmbedded(chainId: number): void {
  if (chainId === DEMONSTRATION_CHAIN_ID) return;
  throw new WalletError('Demonstration keys are everybody’s: they sign for the embedded chain alone.', null);
}
