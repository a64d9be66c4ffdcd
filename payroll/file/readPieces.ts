import { setImmediate as nextTurn } from 'node:timers/promises';

const PIECE_BYTES = 64 * 1024;

/**
 * A file in pieces, with a turn for other requests after each: what a Blob's own stream hands out of memory comes
 * without one, and a large file would hold up the process for seconds.
 */
export async function* readPieces(file: Blob): AsyncGenerator<Buffer> {
  for (let start = 0; start < file.size; start += PIECE_BYTES) {
    yield Buffer.from(await file.slice(start, start + PIECE_BYTES).arrayBuffer());
    await nextTurn();
  }
}
