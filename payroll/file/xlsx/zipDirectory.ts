import { damaged, tooLarge, WorkbookError } from './workbookError.ts';

export const MAX_ZIP_ENTRIES = 1_000;
/** What a workbook's parts may come to in all. A sheet of 100,000 payouts is some 30 MiB of XML. */
export const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
/** How many bytes one packed byte may become. Large sheets of the same value in every cell come to some 100. */
export const MAX_UNPACKING_RATIO = 200;
/** What is smaller hurts nobody, whatever its ratio. */
const MIN_BYTES_OF_RATIO = 1024 * 1024;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;
/** In a 16 or 32 bit field: the value stands in a ZIP64 record. */
const IN_ZIP64_16 = 0xffff;
const IN_ZIP64_32 = 0xffffffff;

/** A file of an archive, as its central directory tells of it. */
export type ZipEntry = {
  /** With slashes, as the directory has it. */
  readonly name: string;
  readonly isDeflated: boolean;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Where its local header begins. */
  readonly offset: number;
};

/**
 * The files of a ZIP archive (APPNOTE 6.3.10) by their names in lower case, in which parts of a workbook are compared.
 * Only the central directory is believed: what it does not list is not there. What a workbook of less than 4 GiB has no
 * use for is refused: ZIP64, several disks, encryption, a name twice, files that share bytes.
 * @throws WorkbookError
 */
export async function readZipDirectory(file: Blob): Promise<ReadonlyMap<string, ZipEntry>> {
  const { start, bytes, count } = await findDirectory(file);
  const view = await viewOf(file, start, start + bytes);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = readEntry(view, at);
    at = next;
    const key = entry.name.toLowerCase();
    if (entries.has(key)) damaged('The archive holds two files of one name');
    entries.set(key, entry);
  }
  if (at !== bytes) damaged('The archive’s directory is not as long as it says');
  requireSmall([...entries.values()]);
  requireApart([...entries.values()], start);
  return entries;
}

/** The bytes of a file in an archive, still packed. @throws WorkbookError when its local header tells of another */
export async function packedPart(file: Blob, entry: ZipEntry): Promise<Blob> {
  const header = await viewOf(file, entry.offset, entry.offset + LOCAL_BYTES);
  if (header.byteLength < LOCAL_BYTES || header.getUint32(0, true) !== LOCAL_SIGNATURE)
    damaged('A file of the archive is not where its directory says');
  const nameBytes = header.getUint16(26, true);
  const nameStart = entry.offset + LOCAL_BYTES;
  const name = decodeName(await viewOf(file, nameStart, nameStart + nameBytes));
  if (name !== entry.name) damaged('A file of the archive has two names');
  const start = nameStart + nameBytes + header.getUint16(28, true);
  return file.slice(start, start + entry.packedBytes);
}

async function viewOf(file: Blob, start: number, end: number): Promise<DataView> {
  return new DataView(await file.slice(start, end).arrayBuffer());
}

async function findDirectory(file: Blob): Promise<{ start: number; bytes: number; count: number }> {
  const tailStart = Math.max(0, file.size - END_BYTES - MAX_COMMENT_BYTES);
  const tail = await viewOf(file, tailStart, file.size);
  for (let at = tail.byteLength - END_BYTES; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    if (at + END_BYTES + tail.getUint16(at + 20, true) !== tail.byteLength) continue;
    const count = tail.getUint16(at + 10, true);
    const bytes = tail.getUint32(at + 12, true);
    const start = tail.getUint32(at + 16, true);
    if (count === IN_ZIP64_16 || bytes === IN_ZIP64_32 || start === IN_ZIP64_32) refuseZip64();
    if (tail.getUint16(at + 4, true) !== 0 || tail.getUint16(at + 6, true) !== 0)
      damaged('The archive is one of several disks');
    if (tail.getUint16(at + 8, true) !== count) damaged('The archive’s directory is not all there');
    if (count > MAX_ZIP_ENTRIES) tooLarge(`The workbook holds more than ${MAX_ZIP_ENTRIES} files`);
    if (start + bytes > tailStart + at) damaged('The archive’s directory is cut off');
    return { start, bytes, count };
  }
  return damaged('The workbook is cut off: its archive has no end');
}

function refuseZip64(): never {
  throw new WorkbookError(
    'FILE_DAMAGED',
    'The workbook is packed for archives over 4 GiB (ZIP64). Open it in a spreadsheet and save it again.',
  );
}

function readEntry(view: DataView, at: number): { entry: ZipEntry; next: number } {
  if (at + CENTRAL_BYTES > view.byteLength || view.getUint32(at, true) !== CENTRAL_SIGNATURE)
    damaged('The archive’s directory cannot be read');
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const packedBytes = view.getUint32(at + 20, true);
  const unpackedBytes = view.getUint32(at + 24, true);
  const nameBytes = view.getUint16(at + 28, true);
  const offset = view.getUint32(at + 42, true);
  const next = at + CENTRAL_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > view.byteLength) damaged('The archive’s directory is cut off');
  if (packedBytes === IN_ZIP64_32 || unpackedBytes === IN_ZIP64_32 || offset === IN_ZIP64_32) refuseZip64();
  if (flags & ENCRYPTED_FLAG)
    throw new WorkbookError('FILE_ENCRYPTED', 'The file is protected with a password. Save it without one.');
  if (method !== STORED && method !== DEFLATED) damaged('A file of the archive is packed in an unknown way');
  if (method === STORED && packedBytes !== unpackedBytes) damaged('A file of the archive has two sizes');
  const name = decodeName(new DataView(view.buffer, view.byteOffset + at + CENTRAL_BYTES, nameBytes));
  const entry: ZipEntry = {
    name,
    isDeflated: method === DEFLATED,
    crc32: view.getUint32(at + 16, true),
    packedBytes,
    unpackedBytes,
    offset,
  };
  return { entry, next };
}

/** Nothing is ever unpacked to a disk; a name that would leave its folder there still tells of an archive made to harm. */
function decodeName(view: DataView): string {
  const name = new TextDecoder().decode(view);
  const isPath = !/[\\:\p{Cc}]/u.test(name) && !name.startsWith('/') && !name.split('/').includes('..');
  if (name === '' || !isPath) damaged('A file of the archive has a name that leads out of it');
  return name;
}

function requireSmall(entries: readonly ZipEntry[]): void {
  let total = 0;
  for (const { packedBytes, unpackedBytes } of entries) {
    total += unpackedBytes;
    if (unpackedBytes >= MIN_BYTES_OF_RATIO && unpackedBytes > packedBytes * MAX_UNPACKING_RATIO)
      tooLarge(`A part of the workbook unpacks to more than ${MAX_UNPACKING_RATIO} times its size`);
  }
  if (total > MAX_UNPACKED_BYTES)
    tooLarge(`The workbook unpacks to more than ${MAX_UNPACKED_BYTES / 1024 / 1024} MiB`);
}

/** Files that share their packed bytes are how a small archive becomes a large one. */
function requireApart(entries: readonly ZipEntry[], directoryStart: number): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    if (entry.offset < end) damaged('Files of the archive overlap');
    end = entry.offset + LOCAL_BYTES + entry.packedBytes;
  }
  if (end > directoryStart) damaged('A file of the archive runs into its directory');
}
