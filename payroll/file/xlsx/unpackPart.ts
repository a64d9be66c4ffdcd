import { Inflate } from 'fflate';
import { nextTurn } from '../nextTurn.ts';
import { crc32 } from './crc32.ts';
import { damaged } from './workbookError.ts';
import { packedPart, type ZipEntry } from './zipDirectory.ts';

/** DEFLATE makes at most some 1,030 bytes of one: 8 MiB of these, whatever they hold. */
const PACKED_PIECE_BYTES = 8 * 1024;
const UNPACKED_PIECE_BYTES = 64 * 1024;

/**
 * The unpacked bytes of a file in an archive, in pieces, with a turn for other requests after each. Never more than its
 * directory says; whether they are the right ones is known at the end alone.
 * @throws WorkbookError
 */
export async function* unpackPart(file: Blob, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const packed = await packedPart(file, entry);
  const unpacked: Uint8Array[] = [];
  const inflate = entry.isDeflated ? new Inflate((data) => unpacked.push(data)) : null;
  let crc = 0;
  let size = 0;
  for (let start = 0; start < packed.size; start += PACKED_PIECE_BYTES) {
    const end = start + PACKED_PIECE_BYTES;
    const piece = new Uint8Array(await packed.slice(start, end).arrayBuffer());
    if (inflate === null) unpacked.push(piece);
    else push(inflate, piece, end >= packed.size);
    for (const data of unpacked.splice(0)) {
      size += data.length;
      if (size > entry.unpackedBytes) damaged('A file of the archive is larger than its directory says');
      crc = crc32(data, crc);
      for (let at = 0; at < data.length; at += UNPACKED_PIECE_BYTES) {
        yield data.subarray(at, at + UNPACKED_PIECE_BYTES);
        await nextTurn();
      }
    }
  }
  if (size !== entry.unpackedBytes || crc !== entry.crc32)
    damaged('A file of the archive is not what its checksum says');
}

function push(inflate: Inflate, piece: Uint8Array, isLast: boolean): void {
  try {
    inflate.push(piece, isLast);
  } catch {
    damaged('A file of the archive cannot be unpacked');
  }
}
