import type { RequestContext } from '../requestContext.ts';
import { requireUserId } from './findUpload.ts';

/** Forgets an upload of the viewer's. @returns false when there is none @throws UnauthenticatedError */
export async function uploadDelete(context: RequestContext, id: string): Promise<boolean> {
  const { numDeletedRows } = await context.log.database
    .deleteFrom('upload')
    .where('id', '=', id)
    .where('userId', '=', requireUserId(context))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
