import type { Address, Hex, TransactionSerializableEIP1559 } from 'viem';

/**
 * A key that pays gas and nothing else: never an owner, spender or module of an account. Whoever holds the key signs
 * here: an encrypted file (openKeyFile) now, a KMS or Vault later. viem's local accounts are of this shape.
 */
export type RelayerKey = {
  readonly address: Address;
  /** The serialized, signed EIP-1559 transaction. */
  signTransaction(transaction: TransactionSerializableEIP1559 & { type: 'eip1559' }): Promise<Hex>;
};
