import { sql } from 'kysely';
import { idOrder } from '../idOrder.ts';
import { type Page, type PageArguments, readPages } from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerHolds } from '../viewerHolds.ts';
import {
  INVITATION_STATUS,
  type InvitationRow,
  type InvitationStatus,
  selectInvitations,
} from './selectInvitations.ts';

const NEWEST_FIRST = idOrder<InvitationRow>('invitation', 'desc');

/**
 * Invitations of organizations whose members the viewer manages, newest first.
 * @param filter.statuses null for all
 * @throws UnauthenticatedError, LimitExceededError, PageCursorInvalidError
 */
export function listInvitations(
  context: RequestContext,
  organizationIds: readonly string[],
  page: PageArguments,
  { statuses }: { statuses: readonly InvitationStatus[] | null },
): Promise<Page<InvitationRow>[]> {
  const { database } = context.log;
  let invitations = selectInvitations(database)
    .where('invitation.organizationId', '=', sql.ref<string>('parent.id'))
    .where(viewerHolds(context, 'MEMBERS_MANAGE', sql.ref('invitation.organizationId')));
  if (statuses !== null) {
    invitations = invitations.where(sql<boolean>`${INVITATION_STATUS} = any(${[...statuses]}::text[])`);
  }
  return readPages(database, organizationIds, page, invitations, NEWEST_FIRST);
}
