import type { FileIssueCode } from '../fileIssue.ts';

/** What keeps a workbook from being read to its end. */
export class WorkbookError extends Error {
  override readonly name = 'WorkbookError';
  readonly code: FileIssueCode;
  /** Null: where the reading came to. */
  readonly place: { readonly row: number; readonly column: string | null } | null;
  constructor(code: FileIssueCode, message: string, place: WorkbookError['place'] = null) {
    super(message);
    this.code = code;
    this.place = place;
  }
}

/** @param what in which way the file is not what it should be, as a sentence without its full stop */
export function damaged(what: string): never {
  throw new WorkbookError('FILE_DAMAGED', `${what}. Open it in a spreadsheet, save it again and retry.`);
}

/** @param what which limit the file exceeds, as a sentence without its full stop */
export function tooLarge(what: string): never {
  throw new WorkbookError(
    'FILE_TOO_LARGE_UNPACKED',
    `${what}. Copy the payouts into a new workbook, or save them as “CSV UTF-8”.`,
  );
}
