import { type Address, type Hex, hexToBytes, keccak256, toBytes, toRlp } from 'viem';
import type { Fees } from '../../chains/evm/client/readFees.ts';
import type { RelayerKey } from './relayerKey.ts';

/** An EIP-1559 transaction that moves no native asset. */
export type UnsignedTransaction = Fees & {
  readonly chainId: number;
  readonly nonce: bigint;
  readonly to: Address;
  readonly data: Hex;
  readonly gas: bigint;
};

export type SignedBytes = { readonly hash: Hex; readonly rawTransaction: Buffer };

const EIP1559_TYPE = 0x02;
const WORD = 32;
const NOTHING = new Uint8Array();

/**
 * Signs a transaction. In bytes all the way, as hexadecimal digits only where native code makes them: a chunk has 6.4 kB, and
 * viem's serializer turns them into digits and back several times.
 */
export async function signTransaction(
  key: RelayerKey,
  { chainId, nonce, to, data, gas, maxFeePerGas, maxPriorityFeePerGas }: UnsignedTransaction,
): Promise<SignedBytes> {
  const fields = [
    ...[BigInt(chainId), nonce, maxPriorityFeePerGas, maxFeePerGas, gas].map(integer),
    ...[hexToBytes(to), NOTHING, Buffer.from(data.slice(2), 'hex'), []],
  ];
  const signature = hexToBytes(await key.sign({ hash: keccak256(serialize(fields)) }));
  const [r, s] = [signature.subarray(0, WORD), signature.subarray(WORD, 2 * WORD)];
  const parity = signature[2 * WORD] === 28 ? 1n : 0n;
  const rawTransaction = serialize([...fields, integer(parity), withoutZeros(r), withoutZeros(s)]);
  return { hash: keccak256(rawTransaction), rawTransaction };
}

/** @param fields with an empty access list */
function serialize(fields: readonly (Uint8Array | readonly never[])[]): Buffer {
  return Buffer.concat([Uint8Array.of(EIP1559_TYPE), toRlp(fields, 'bytes')]);
}

/** As RLP has integers: big-endian, in as few bytes as they take. */
function integer(value: bigint): Uint8Array {
  return value === 0n ? NOTHING : toBytes(value);
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? NOTHING : bytes.subarray(first);
}
