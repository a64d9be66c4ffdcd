import { type Address, getAddress, isAddress } from 'viem';
import { refuse } from '../core/errors.ts';

const MESSAGE = 'This is not an EVM address with a right checksum.';

/**
 * An address in EIP-55 form, of one in that form or in one case.
 * @throws UserFaultsError ADDRESS_INVALID, also where the checksum is wrong
 */
export function requireEvmAddress(
  text: string,
  { path = ['input', 'address'], message = MESSAGE }: { path?: readonly string[]; message?: string } = {},
): Address {
  if (!isAddress(text)) refuse('ADDRESS_INVALID', message, path);
  return getAddress(text);
}
