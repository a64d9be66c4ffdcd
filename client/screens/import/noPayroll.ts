/** What a file is instead, that nobody is paid by. */
export type NoPayroll =
  | 'IMAGE'
  | 'PDF'
  | 'JSON'
  | 'WEB_PAGE'
  | 'ARCHIVE'
  | 'DOCUMENT'
  | 'OLD_WORKBOOK'
  | 'NO_TEXT';

const START_BYTES = 4_096;
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const OLE = [0xd0, 0xcf, 0x11, 0xe0];
const SIGNATURES: readonly (readonly [what: NoPayroll, bytes: readonly number[]])[] = [
  ['IMAGE', [0x89, 0x50, 0x4e, 0x47]], // PNG
  ['IMAGE', [0xff, 0xd8, 0xff]], // JPEG
  ['IMAGE', [0x47, 0x49, 0x46, 0x38]], // GIF
  ['PDF', [0x25, 0x50, 0x44, 0x46]],
  ['ARCHIVE', [0x1f, 0x8b]], // gzip
  ['ARCHIVE', [0x37, 0x7a, 0xbc, 0xaf]], // 7z
  ['ARCHIVE', [0x52, 0x61, 0x72, 0x21]], // RAR
];
/** Of what is packed like a workbook: the ending tells them apart. */
const PACKED_DOCUMENTS = /\.(docx|pptx|odt|odp|ods|numbers|pages|key)$/i;
const JSON_START = /^\s*(\{\s*["}]|\[\s*[{["\]])/;
const MARKUP_START = /^\s*<(!doctype|html|\?xml|svg)/i;

/**
 * What a file plainly is when it is no CSV and no workbook, by its first bytes and its ending; null where that is not
 * plain: the server reads it to the end, and has the last word.
 */
export function noPayroll(content: Uint8Array, name: string): NoPayroll | null {
  const start = content.subarray(0, START_BYTES);
  const begins = (bytes: readonly number[]) => bytes.every((byte, index) => start[index] === byte);
  const known = SIGNATURES.find(([, bytes]) => begins(bytes));
  if (known !== undefined) return known[0];
  if (begins(ZIP)) return PACKED_DOCUMENTS.test(name) ? 'DOCUMENT' : null;
  // A workbook with a password is packed the same, under another ending.
  if (begins(OLE))
    return /\.xls$/i.test(name) ? 'OLD_WORKBOOK' : /\.(doc|ppt|msg)$/i.test(name) ? 'DOCUMENT' : null;
  if (begins([0xff, 0xfe]) || begins([0xfe, 0xff])) return null;
  if (start.includes(0)) return 'NO_TEXT';
  const text = new TextDecoder().decode(start);
  if (/\.json$/i.test(name) || JSON_START.test(text)) return 'JSON';
  return MARKUP_START.test(text) ? 'WEB_PAGE' : null;
}
