import { readPieces } from './readPieces.ts';

/** Enough of a file's start to find its header in. */
const START_BYTES = 64 * 1024;

export type FileForm = 'TEXT' | 'ZIP' | 'OLE' | 'BINARY';

export type FileScan = {
  readonly form: FileForm;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** Of text: whether it is in that encoding throughout. */
  readonly isEncoded: boolean;
  /** The first characters, after a byte order mark; bytes that are not in the encoding show as U+FFFD. */
  readonly start: string;
};

/** What a file is. Text is read to its end, in pieces: UTF-8 (RFC 3629), or UTF-16 (RFC 2781) with a byte order mark. */
export async function scanFile(file: Blob): Promise<FileScan> {
  const startBytes = new Uint8Array(await file.slice(0, START_BYTES).arrayBuffer());
  const encoding = encodingOf(startBytes);
  const form = formOf(startBytes, encoding);
  const start = new TextDecoder(encoding).decode(startBytes);
  return { form, encoding, isEncoded: form === 'TEXT' && (await decodes(file, encoding)), start };
}

async function decodes(file: Blob, encoding: FileScan['encoding']): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const piece of readPieces(file)) decoder.decode(piece, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return false;
  }
}

function encodingOf(start: Uint8Array): FileScan['encoding'] {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

const SIGNATURES: readonly (readonly [form: FileForm, bytes: readonly number[]])[] = [
  ['ZIP', [0x50, 0x4b, 0x03, 0x04]], // .xlsx, .ods, .numbers
  ['ZIP', [0x50, 0x4b, 0x05, 0x06]], // an archive of nothing
  ['OLE', [0xd0, 0xcf, 0x11, 0xe0]], // .xls, and .xlsx with a password
  ['BINARY', [0x1f, 0x8b]], // gzip
  ['BINARY', [0x25, 0x50, 0x44, 0x46]], // PDF
  ['BINARY', [0x89, 0x50, 0x4e, 0x47]], // PNG
  ['BINARY', [0xff, 0xd8, 0xff]], // JPEG
];
/** In a text, even a damaged one, control bytes are rare, but for tab, LF and CR. */
const MAX_CONTROL_SHARE = 0.1;
const TEXT_CONTROLS: readonly number[] = [0x09, 0x0a, 0x0d];

/** By known signatures, or outside UTF-16 a NUL byte or many other control bytes. */
function formOf(start: Uint8Array, encoding: FileScan['encoding']): FileForm {
  const known = SIGNATURES.find(([, bytes]) => bytes.every((byte, index) => start[index] === byte));
  if (known !== undefined) return known[0];
  return encoding === 'utf-8' && (start.includes(0) || isMostlyControl(start)) ? 'BINARY' : 'TEXT';
}

function isMostlyControl(start: Uint8Array): boolean {
  const controls = start.filter((byte) => byte < 0x20 && !TEXT_CONTROLS.includes(byte)).length;
  return controls > start.length * MAX_CONTROL_SHARE;
}
