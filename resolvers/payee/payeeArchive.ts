import { unitOfWork } from '../../events/unitOfWork.ts';
import type { RequestContext } from '../requestContext.ts';
import { findPayee } from './findPayee.ts';
import { recordPayee } from './writePayee.ts';

/**
 * Takes a payee out of the address book: no line is matched to it any more, and its reference is free. Archiving what is
 * archived changes nothing. Needs PAYEES_MANAGE.
 * @throws NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payeeArchive(
  context: RequestContext,
  input: { payeeId: string },
): Promise<{ payeeId: string; eventCursor: string | null }> {
  const committed = await unitOfWork(context.log, async (work) => {
    const { payee, destinations, viewer } = await findPayee(context, work.database, input.payeeId);
    if (payee.archivedAt === null) {
      await work.database
        .updateTable('payee')
        .set({ archivedAt: new Date() })
        .where('id', '=', payee.id)
        .execute();
      recordPayee(work, 'PAYEE_ARCHIVED', payee, destinations, viewer.userId);
    }
    return payee;
  });
  const { id, organizationId } = committed.value;
  return { payeeId: id, eventCursor: committed.eventCursor(organizationId) };
}
