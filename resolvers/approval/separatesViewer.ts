import { type RawBuilder, sql } from 'kysely';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';

/**
 * The condition, on `approval`, that the organization separates duties and the viewer is on the asking side: they made the
 * batch, submitted it, or asked for its cancellation.
 * @throws UnauthenticatedError
 */
export function separatesViewer(context: RequestContext): RawBuilder<boolean> {
  const { userId } = requireViewer(context);
  return sql<boolean>`exists (
    select from organization join payout_batch as proposed on proposed.id = approval.batch_id
    where organization.id = approval.organization_id and organization.separates_duties
      and (proposed.created_by_user_id = ${userId} or exists (
        select from approval as asked
        where asked.batch_id = approval.batch_id and asked.requested_by_user_id = ${userId})))`;
}
