import { nextTurn } from './nextTurn.ts';

const PIECE_BYTES = 64 * 1024;

/** A file in pieces, with a turn for other requests after each: a large file would hold up the process for seconds. */
export async function* readPieces(file: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < file.size; start += PIECE_BYTES) {
    yield new Uint8Array(await file.slice(start, start + PIECE_BYTES).arrayBuffer());
    await nextTurn();
  }
}
