import type { Address, Hex } from 'viem';

/**
 * A key that pays gas and nothing else: never an owner, spender or module of an account. Whoever holds the key signs
 * here: an encrypted file (openKeyFile) now, a KMS or Vault later. viem's local accounts are of this shape.
 */
export type RelayerKey = {
  readonly address: Address;
  /** @param toSign.hash of a transaction, which signTransaction makes. @returns r, s and 27 or 28: 65 bytes */
  sign(toSign: { readonly hash: Hex }): Promise<Hex>;
};
