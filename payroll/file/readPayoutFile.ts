import { readCsv } from './readCsv.ts';
import { type FileRules, type PayoutFile, ReadingStopped, rowReader } from './rowReader.ts';
import { scanFile } from './scanFile.ts';

/**
 * Reads a file of payouts and checks each row, here and in a browser alike. Nothing that a file may hold makes this
 * throw. It reads in pieces, so that other requests go on meanwhile.
 */
export async function readPayoutFile(file: Blob, rules: FileRules): Promise<PayoutFile> {
  const rows = rowReader(rules);
  const scan = await scanFile(file);
  if (file.size === 0) rows.stop(1, 'FILE_EMPTY', 'The file is empty.');
  else if (scan.looksBinary) {
    const message =
      'This is a spreadsheet or archive, not text. In the spreadsheet, choose “Save as: CSV UTF-8”.';
    rows.stop(1, 'FILE_NOT_CSV', message);
  } else {
    try {
      await readCsv(file, scan, rules.assetSymbol, rows);
    } catch (error) {
      if (!(error instanceof ReadingStopped)) throw error;
    }
  }
  return rows.finish();
}
