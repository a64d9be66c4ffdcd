import type { RequestContext } from '../requestContext.ts';
import { findUpload, requireUserId } from './findUpload.ts';
import { requireRoomForAll } from './requireRoomForAll.ts';

/**
 * Adds the next bytes to an upload of the viewer's, for good. Whoever sends them, each byte is written once: the upload
 * itself says where the next one goes, in the transaction that writes it.
 * @param startByte where `bytes` stand in the file
 * @returns false when that is not where the upload goes on, or there is no such upload: nothing is written then
 * @throws LimitExceededError where everybody's uploads leave no room; UnauthenticatedError
 */
export async function uploadAppend(
  context: RequestContext,
  id: string,
  startByte: number,
  bytes: Buffer,
): Promise<boolean> {
  const userId = requireUserId(context);
  return context.log.database.transaction().execute(async (database) => {
    if ((await findUpload(context, id, database)) === null) return false;
    await requireRoomForAll(database, bytes.length);
    const { numUpdatedRows } = await database
      .updateTable('upload')
      .set({ receivedBytes: startByte + bytes.length })
      .where('id', '=', id)
      .where('userId', '=', userId)
      .where('receivedBytes', '=', startByte)
      .where('sizeBytes', '>=', startByte + bytes.length)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await database.insertInto('uploadPiece').values({ uploadId: id, startByte, bytes }).execute();
    return true;
  });
}
