import { type Address, concatHex, type Hex } from 'viem';
import { CodecError } from './codecError.ts';

/** A wallet's signature of a Safe transaction, already checked with recoverSafeSigner. */
export type OwnerSignature = { readonly owner: Address; readonly signature: Hex };

/**
 * Signatures as `execTransaction` takes them: 65 bytes each, in ascending order of the owner's address.
 *
 * @throws CodecError when an owner appears twice or a signature is not 65 bytes
 */
export function packSafeSignatures(signatures: readonly OwnerSignature[]): Hex {
  const sorted = signatures
    .map(({ owner, signature }) => ({ owner: owner.toLowerCase(), signature }))
    .sort((left, right) => (left.owner < right.owner ? -1 : 1));
  for (const [index, { owner, signature }] of sorted.entries()) {
    if (sorted[index + 1]?.owner === owner) throw new CodecError('signatures', `${owner} appears twice.`);
    if (!/^0x[0-9a-fA-F]{130}$/.test(signature))
      throw new CodecError('signatures', `${owner}’s is not 65 bytes.`);
  }
  return concatHex(sorted.map(({ signature }) => signature));
}
