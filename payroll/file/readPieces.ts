const PIECE_BYTES = 64 * 1024;

/**
 * A file in pieces, with a turn for other requests after each: what a server's Blob hands out of memory comes without
 * one, and a large file would hold up the process for seconds. A browser's comes from another process, in a turn of its own.
 */
export async function* readPieces(file: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < file.size; start += PIECE_BYTES) {
    yield new Uint8Array(await file.slice(start, start + PIECE_BYTES).arrayBuffer());
    if (typeof setImmediate === 'function') await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
