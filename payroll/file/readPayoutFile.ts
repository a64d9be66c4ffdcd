import { readCsv } from './readCsv.ts';
import { readXlsx } from './readXlsx.ts';
import { type FileRules, type PayoutFile, ReadingStopped, type RowReader, rowReader } from './rowReader.ts';
import { type FileScan, scanFile } from './scanFile.ts';

export type FileChoice = {
  /** Which sheet of a workbook to read; null for the first that is shown. */
  readonly sheet: string | null;
};

/**
 * Reads a file of payouts, CSV or XLSX, and checks each row, here and in a browser alike. Nothing that a file may hold
 * makes this throw. It reads in pieces, so that other requests go on meanwhile.
 */
export async function readPayoutFile(
  file: Blob,
  rules: FileRules,
  choice: FileChoice = { sheet: null },
): Promise<PayoutFile> {
  const rows = rowReader(rules);
  try {
    if (file.size === 0) rows.stop(1, 'FILE_EMPTY', 'The file is empty.');
    else await readForm(file, await scanFile(file), rules, choice, rows);
  } catch (error) {
    if (!(error instanceof ReadingStopped)) throw error;
  }
  return rows.finish();
}

async function readForm(
  file: Blob,
  scan: FileScan,
  { assetSymbol }: FileRules,
  { sheet }: FileChoice,
  rows: RowReader,
): Promise<void> {
  switch (scan.form) {
    case 'TEXT':
      return readCsv(file, scan, assetSymbol, rows);
    case 'ZIP':
      return readXlsx(file, sheet, rows);
    case 'OLE':
      if (await holdsEncryptedPackage(file)) rows.stop(1, 'FILE_ENCRYPTED', ENCRYPTED);
      else rows.stop(1, 'FILE_NOT_CSV', LEGACY);
      return;
    case 'BINARY':
      rows.stop(1, 'FILE_NOT_CSV', BINARY);
  }
}

const ENCRYPTED =
  'The workbook is protected with a password. Save it without one (File, Info, Protect Workbook) and import it again.';
const LEGACY =
  'This is a workbook or document of the form before 2007 (.xls). In the spreadsheet, choose “Save as: Excel workbook (.xlsx)”.';
const BINARY =
  'This is no text file, and no XLSX workbook either. In the spreadsheet, choose “Save as: Excel workbook (.xlsx)” or “CSV UTF-8”.';

const SECTOR_SHIFT_AT = 30;
const DIRECTORY_SECTOR_AT = 48;
/** Four entries of 128 bytes are the least; a password leaves eight or so. */
const DIRECTORY_BYTES = 4096;

/** Whether the directory of a compound file (MS-CFB) names the stream that a workbook with a password is kept in. */
async function holdsEncryptedPackage(file: Blob): Promise<boolean> {
  const header = new DataView(await file.slice(0, 512).arrayBuffer());
  if (header.byteLength < 512) return false;
  const start =
    (header.getUint32(DIRECTORY_SECTOR_AT, true) + 1) * 2 ** header.getUint16(SECTOR_SHIFT_AT, true);
  const directory = await file.slice(start, start + DIRECTORY_BYTES).arrayBuffer();
  return new TextDecoder('utf-16le').decode(directory).includes('EncryptedPackage');
}
