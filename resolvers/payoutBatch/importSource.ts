import { refuse } from '../../core/errors.ts';
import { MAX_IMPORT_FILE_BYTES } from '../../core/limits.ts';
import type { RequestContext } from '../requestContext.ts';
import { readUpload, UPLOAD_FAULTS } from '../upload/readUpload.ts';

export const IMPORT_SOURCE_FAULTS = {
  ...UPLOAD_FAULTS,
  FILE_TOO_LARGE: 'The file is larger than allowed.',
  FILE_MISSING: 'Neither a file nor an upload is given, or both are.',
} as const;

/** Where the bytes of an import come from: one of the two. */
export type ImportSource = {
  /** It is read twice: a Blob can be. */
  readonly file?: Blob | null;
  /** Of the viewer's. */
  readonly uploadId?: string | null;
};

/** @throws UserFaultsError with a code of IMPORT_SOURCE_FAULTS; UnauthenticatedError */
export async function readImportSource(context: RequestContext, source: ImportSource): Promise<Blob> {
  const { file = null, uploadId = null } = source;
  if ((file === null) === (uploadId === null)) {
    refuse('FILE_MISSING', 'Send a file, or the id of an upload, and not both.', ['input', 'file']);
  }
  if (uploadId !== null) return readUpload(context, uploadId, ['input', 'uploadId']);
  if (file !== null && file.size <= MAX_IMPORT_FILE_BYTES) return file;
  const megabytes = MAX_IMPORT_FILE_BYTES / 1024 / 1024;
  refuse('FILE_TOO_LARGE', `The file is larger than ${megabytes} MiB. Split it.`, ['input', 'file']);
}
