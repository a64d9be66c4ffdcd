import type { Hex } from 'viem';
import { CodecError } from './codecError.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The batch id on chain: the 16 bytes of the batch's UUID as the low half of a bytes32.
 *
 * @throws CodecError when the text is not a UUID in its hyphenated form
 */
export function batchIdFromUuid(uuid: string): Hex {
  if (!UUID.test(uuid))
    throw new CodecError('uuid', 'expected a UUID such as 0190a0b0-0000-7000-8000-000000000000.');
  return `0x${'00'.repeat(16)}${uuid.replaceAll('-', '').toLowerCase()}`;
}
