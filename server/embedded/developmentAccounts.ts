import { type Hex, toHex } from 'viem';
import { type HDAccount, mnemonicToAccount } from 'viem/accounts';

/** The mnemonic of every Hardhat and anvil node: its keys are public, and worth nothing on any other chain. */
const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk';

const accounts = new Map<number, HDAccount>();

/** A publicly known account, which anvil funds with 10,000 ether for the first ten indices. */
export function developmentAccount(index: number): HDAccount {
  const account = accounts.get(index) ?? mnemonicToAccount(DEVELOPMENT_MNEMONIC, { addressIndex: index });
  accounts.set(index, account);
  return account;
}

/** The private key of `developmentAccount(index)`. */
export function developmentPrivateKey(index: number): Hex {
  const key = developmentAccount(index).getHdKey().privateKey;
  if (key === null) throw new Error('A derived account has a private key');
  return toHex(key);
}
