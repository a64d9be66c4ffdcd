import { type Address, type Hex, hashTypedData, zeroAddress } from 'viem';

/** A transaction of a Safe 1.4.1, field by field as its owners sign it. `operation`: 0 call, 1 delegate call. */
export type SafeTransaction = {
  readonly to: Address;
  readonly value: bigint;
  readonly data: Hex;
  readonly operation: 0 | 1;
  readonly safeTxGas: bigint;
  readonly baseGas: bigint;
  readonly gasPrice: bigint;
  readonly gasToken: Address;
  readonly refundReceiver: Address;
  readonly nonce: bigint;
};

/** Which Safe on which chain: its EIP-712 domain. */
export type SafeDomain = { readonly chainId: number; readonly safe: Address };

const SAFE_TX_TYPES = {
  SafeTx: [
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'data', type: 'bytes' },
    { name: 'operation', type: 'uint8' },
    { name: 'safeTxGas', type: 'uint256' },
    { name: 'baseGas', type: 'uint256' },
    { name: 'gasPrice', type: 'uint256' },
    { name: 'gasToken', type: 'address' },
    { name: 'refundReceiver', type: 'address' },
    { name: 'nonce', type: 'uint256' },
  ],
} as const;

/** A Safe transaction that asks for no refund and sets no gas: the only kind this system builds. */
export function plainSafeTransaction(
  transaction: Pick<SafeTransaction, 'to' | 'data' | 'operation' | 'nonce'>,
): SafeTransaction {
  return {
    to: transaction.to,
    value: 0n,
    data: transaction.data,
    operation: transaction.operation,
    safeTxGas: 0n,
    baseGas: 0n,
    gasPrice: 0n,
    gasToken: zeroAddress,
    refundReceiver: zeroAddress,
    nonce: transaction.nonce,
  };
}

/** The digest that owners sign: EIP-712 over the domain (chainId, verifyingContract = the Safe). */
export function safeTransactionHash({ chainId, safe }: SafeDomain, transaction: SafeTransaction): Hex {
  return hashTypedData({
    domain: { chainId, verifyingContract: safe },
    types: SAFE_TX_TYPES,
    primaryType: 'SafeTx',
    message: transaction,
  });
}

/**
 * The same transaction as a wallet takes it: `JSON.stringify` of this is the second parameter of
 * `eth_signTypedData_v4`. Numbers are decimal strings; the domain's type is spelled out, as wallets require.
 */
export function safeTypedData({ chainId, safe }: SafeDomain, transaction: SafeTransaction) {
  return {
    types: {
      EIP712Domain: [
        { name: 'chainId', type: 'uint256' },
        { name: 'verifyingContract', type: 'address' },
      ],
      ...SAFE_TX_TYPES,
    },
    domain: { chainId, verifyingContract: safe },
    primaryType: 'SafeTx' as const,
    message: {
      to: transaction.to,
      value: transaction.value.toString(),
      data: transaction.data,
      operation: transaction.operation,
      safeTxGas: transaction.safeTxGas.toString(),
      baseGas: transaction.baseGas.toString(),
      gasPrice: transaction.gasPrice.toString(),
      gasToken: transaction.gasToken,
      refundReceiver: transaction.refundReceiver,
      nonce: transaction.nonce.toString(),
    },
  };
}
