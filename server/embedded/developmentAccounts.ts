import { pbkdf2Sync } from 'node:crypto';
import { type Hex, toHex } from 'viem';
import { type HDAccount, HDKey, hdKeyToAccount } from 'viem/accounts';

/** The mnemonic of every Hardhat and anvil node: its keys are public, and worth nothing on any other chain. */
const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk';

/** Of a mnemonic's seed (BIP-39), which viem computes in JavaScript for each account anew. */
const SEED = { salt: 'mnemonic', iterations: 2_048, bytes: 64, digest: 'sha512' } as const;

let master: HDKey | null = null;
const accounts = new Map<number, HDAccount>();

/** A publicly known account, which anvil funds with 10,000 ether for the first ten indices. */
export function developmentAccount(index: number): HDAccount {
  master ??= HDKey.fromMasterSeed(
    pbkdf2Sync(DEVELOPMENT_MNEMONIC, SEED.salt, SEED.iterations, SEED.bytes, SEED.digest),
  );
  const account = accounts.get(index) ?? hdKeyToAccount(master, { addressIndex: index });
  accounts.set(index, account);
  return account;
}

/** The private key of `developmentAccount(index)`. */
export function developmentPrivateKey(index: number): Hex {
  const key = developmentAccount(index).getHdKey().privateKey;
  if (key === null) throw new Error('A derived account has a private key');
  return toHex(key);
}
