import { CsvError, csvReader } from './csvReader.ts';
import { detectDelimiter } from './detectDelimiter.ts';
import { readPieces } from './readPieces.ts';
import { ReadingStopped, type RowReader } from './rowReader.ts';
import type { FileScan } from './scanFile.ts';

const NOT_UTF8 =
  'The text is neither UTF-8 nor UTF-16 with a byte order mark, so that its letters would be read wrongly. Save the file as “CSV UTF-8” and import it again.';

/** Reads CSV (RFC 4180) in UTF-8 or UTF-16: comma, semicolon or tab; LF, CRLF or CR; with or without a byte order mark. */
export async function readCsv(
  file: Blob,
  scan: FileScan,
  assetSymbol: string,
  rows: RowReader,
): Promise<void> {
  let isFirst = true;
  const csv = csvReader(detectDelimiter(scan.start, assetSymbol), (record) => {
    // Spreadsheets do not show Excel's `sep=;`.
    const isDirective = isFirst && /^sep=$/i.test(record[0]?.trim() ?? '');
    isFirst = false;
    if (isDirective) return;
    const damaged = scan.isEncoded ? -1 : record.findIndex((value) => value.includes('\ufffd'));
    if (damaged >= 0) {
      rows.stop(rows.row + 1, 'FILE_NOT_UTF8', NOT_UTF8, rows.header?.names[damaged] ?? null);
      throw new ReadingStopped();
    }
    rows.read(record);
  });
  const decoder = new TextDecoder(scan.encoding);
  try {
    for await (const piece of readPieces(file)) csv.write(decoder.decode(piece, { stream: true }));
    csv.write(decoder.decode());
    csv.end();
    // What is damaged in a line that is no row.
    if (!scan.isEncoded) rows.stop(1, 'FILE_NOT_UTF8', NOT_UTF8);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    rows.stop(rows.row + 1, 'FILE_MALFORMED', error.message, rows.header?.names[error.field] ?? null);
  }
}
