import { type Address, type Hex, recoverAddress } from 'viem';
import { BaseError } from '../../../core/errors.ts';

export type SafeSignatureFault =
  | 'SIGNATURE_MALFORMED'
  | 'SIGNATURE_HIGH_S'
  | 'SIGNATURE_ETH_SIGN'
  | 'SIGNATURE_NOT_ECDSA'
  | 'SIGNATURE_UNRECOVERABLE';

/** A signature that is not accepted as a wallet's; `code` is a SafeSignatureFault. */
export class SafeSignatureError extends BaseError {
  override readonly name = 'SafeSignatureError';
  declare readonly code: SafeSignatureFault;
  constructor(code: SafeSignatureFault, message: string, options: { cause?: unknown } = {}) {
    super(code, message, options);
  }
}

const SIGNATURE = /^0x[0-9a-fA-F]{130}$/;
const SECP256K1_ORDER = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4141n;

/**
 * The address that signed a Safe transaction's digest with `eth_signTypedData_v4`. Strict about form, so that a
 * signature has exactly one: 65 bytes r ‖ s ‖ v, 0 < r < n, 0 < s ≤ n/2 (EIP-2), v 27 or 28.
 * Safe gives other values of v other meanings, none of which a wallet's signature may have: 0 (contract signature) and
 * 1 (approved hash) prove nothing by themselves, above 30 is `eth_sign`, which shows a wallet's owner only a hash.
 *
 * @throws SafeSignatureError
 */
export async function recoverSafeSigner(signature: Hex, digest: Hex): Promise<Address> {
  if (typeof signature !== 'string' || !SIGNATURE.test(signature)) {
    throw new SafeSignatureError(
      'SIGNATURE_MALFORMED',
      'The signature is not 65 bytes of hexadecimal digits.',
    );
  }
  const r = BigInt(signature.slice(0, 66));
  const s = BigInt(`0x${signature.slice(66, 130)}`);
  const v = Number.parseInt(signature.slice(130), 16);
  if (v === 31 || v === 32) {
    throw new SafeSignatureError(
      'SIGNATURE_ETH_SIGN',
      'Signatures made with eth_sign are not accepted. Sign the typed data.',
    );
  }
  if (v === 0 || v === 1) {
    throw new SafeSignatureError(
      'SIGNATURE_NOT_ECDSA',
      'Contract signatures and approved hashes are not a wallet’s signature.',
    );
  }
  if (v !== 27 && v !== 28) {
    throw new SafeSignatureError(
      'SIGNATURE_MALFORMED',
      `The signature ends with ${v}; only 27 and 28 are accepted.`,
    );
  }
  if (r === 0n || r >= SECP256K1_ORDER || s === 0n || s >= SECP256K1_ORDER) {
    throw new SafeSignatureError(
      'SIGNATURE_MALFORMED',
      'The signature’s numbers are outside the curve’s order.',
    );
  }
  if (s > SECP256K1_ORDER / 2n) {
    throw new SafeSignatureError('SIGNATURE_HIGH_S', 'The signature is not in its low-s form.');
  }
  try {
    return await recoverAddress({ hash: digest, signature });
  } catch (cause) {
    throw new SafeSignatureError('SIGNATURE_UNRECOVERABLE', 'No key can have made this signature.', {
      cause,
    });
  }
}
