import { refuse } from '../../core/errors.ts';
import type { RequestContext } from '../requestContext.ts';
import { findUpload } from './findUpload.ts';

export const UPLOAD_FAULTS = {
  UPLOAD_NOT_FOUND:
    'There is no such upload of the viewer’s; after a day, or a quarter of an hour without a byte, it is forgotten.',
  UPLOAD_INCOMPLETE: 'The upload has not arrived whole: resume it.',
} as const;

/**
 * The file that the viewer has uploaded.
 * @throws UserFaultsError with a code of UPLOAD_FAULTS at `path`; UnauthenticatedError
 */
export async function readUpload(
  context: RequestContext,
  id: string,
  path: readonly string[],
): Promise<Blob> {
  const upload = await findUpload(context, id);
  if (upload === null) refuse('UPLOAD_NOT_FOUND', 'There is no such upload. Upload the file again.', path);
  const { receivedBytes, sizeBytes } = upload;
  if (receivedBytes < sizeBytes) {
    const message = `Of ${sizeBytes} bytes ${receivedBytes} have arrived. Resume the upload.`;
    refuse('UPLOAD_INCOMPLETE', message, path);
  }
  const pieces = await context.log.database
    .selectFrom('uploadPiece')
    .select('bytes')
    .where('uploadId', '=', id)
    .orderBy('startByte')
    .execute();
  return new Blob(pieces.map(({ bytes }) => new Uint8Array(bytes)));
}
