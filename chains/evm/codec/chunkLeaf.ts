import { type Address, type Hex, keccak256, stringToBytes } from 'viem';
import { CodecError } from './codecError.ts';
import { writeHex } from './hexBytes.ts';
import { MAX_ROWS_PER_CHUNK, ROW_BYTES } from './payoutRow.ts';

/** What ties a chunk to one batch of one payer on one chain. `batchId` is bytes32. */
export type ChunkDomain = {
  readonly chainId: number;
  readonly factory: Address;
  readonly payer: Address;
  readonly batchId: Hex;
  readonly token: Address;
};

const CHUNK_TYPE =
  'PayoutChunk(uint256 chainId,address factory,address payer,bytes32 batchId,address token,uint256 chunkIndex,uint256 rowCount,bytes32 rowsHash)';

const WORD = 32;
/** Of the chunk's type string, as EIP-712 writes one. */
const TYPEHASH_BYTES = keccak256(stringToBytes(CHUNK_TYPE), 'bytes');
const LEAF_TAG = 0x00;

/**
 * The Merkle leaf of one chunk:
 * keccak(0x00 ‖ keccak(abi.encode(TYPEHASH, chainId, factory, payer, batchId, token, chunkIndex, rowCount, keccak(rows)))).
 * The index is inside, or a chunk could be paid twice at two places; the tag keeps an inner node from passing as a leaf.
 *
 * @param rows the chunk's packed rows, 1 … 200 of 32 bytes
 * @throws CodecError when the rows, the index or a domain field is out of bounds
 */
export function chunkLeaf(domain: ChunkDomain, chunkIndex: number, rows: Uint8Array): Hex {
  const rowCount = rows.length / ROW_BYTES;
  if (!Number.isInteger(rowCount) || rowCount < 1 || rowCount > MAX_ROWS_PER_CHUNK) {
    throw new CodecError(
      'rows',
      `expected 1 to ${MAX_ROWS_PER_CHUNK} rows of ${ROW_BYTES} bytes, found ${rows.length} bytes.`,
    );
  }
  const encoded = new Uint8Array(9 * WORD);
  const view = new DataView(encoded.buffer);
  encoded.set(TYPEHASH_BYTES, 0);
  writeInteger(view, 1, domain.chainId, 'chainId');
  writeHex(domain.factory, 20, encoded, 2 * WORD + 12, 'factory');
  writeHex(domain.payer, 20, encoded, 3 * WORD + 12, 'payer');
  writeHex(domain.batchId, 32, encoded, 4 * WORD, 'batchId');
  writeHex(domain.token, 20, encoded, 5 * WORD + 12, 'token');
  writeInteger(view, 6, chunkIndex, 'chunkIndex');
  writeInteger(view, 7, rowCount, 'rowCount');
  encoded.set(keccak256(rows, 'bytes'), 8 * WORD);
  const tagged = new Uint8Array(1 + WORD);
  tagged[0] = LEAF_TAG;
  tagged.set(keccak256(encoded, 'bytes'), 1);
  return keccak256(tagged);
}

/** A number as a 32-byte word; numbers beyond 2^53 − 1 are refused, not rounded. */
function writeInteger(view: DataView, word: number, value: number, field: string): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new CodecError(field, `expected a whole number, found ${value}.`);
  view.setBigUint64(word * WORD + 24, BigInt(value));
}
