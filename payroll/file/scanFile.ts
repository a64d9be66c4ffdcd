import { readPieces } from './readPieces.ts';

/** Enough of a file's start to find its header in. */
const START_BYTES = 64 * 1024;

export type FileScan = {
  readonly isUtf8: boolean;
  /** The first characters, after a byte order mark; bytes that are not UTF-8 show as U+FFFD. */
  readonly start: string;
  readonly looksBinary: boolean;
};

/** Reads a file once, in pieces: what it is, and whether it is UTF-8 (RFC 3629) throughout. */
export async function scanFile(file: Blob): Promise<FileScan> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  const decodes = (decode: () => void) => {
    try {
      decode();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      isUtf8 = false;
    }
  };
  for await (const piece of readPieces(file)) {
    decodes(() => decoder.decode(piece, { stream: true }));
    if (!isUtf8) break;
  }
  if (isUtf8) decodes(() => decoder.decode());
  const startBytes = new Uint8Array(await file.slice(0, START_BYTES).arrayBuffer());
  return { isUtf8, start: new TextDecoder().decode(startBytes), looksBinary: looksBinary(startBytes) };
}

const SIGNATURES = [
  [0x50, 0x4b, 0x03, 0x04], // ZIP: .xlsx, .ods, .numbers
  [0xd0, 0xcf, 0x11, 0xe0], // OLE: .xls
  [0x1f, 0x8b], // gzip
  [0x25, 0x50, 0x44, 0x46], // PDF
];

/** Known signatures, or a NUL byte outside UTF-16 (which begins with its byte order mark). */
function looksBinary(start: Uint8Array): boolean {
  if (SIGNATURES.some((signature) => signature.every((byte, index) => start[index] === byte))) return true;
  const isUtf16 = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  return !isUtf16 && start.includes(0);
}
