import { type RawBuilder, sql } from 'kysely';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';

/**
 * The condition, on `approval`, that the organization separates duties and the viewer is on the asking side: they made the
 * batch, submitted it, or asked for its cancellation, or those of a batch whose failed payouts it pays again.
 * @throws UnauthenticatedError
 */
export function separatesViewer(context: RequestContext): RawBuilder<boolean> {
  const { userId } = requireViewer(context);
  return sql<boolean>`exists (
    select from organization
    where organization.id = approval.organization_id and organization.separates_duties
      and exists (
        with recursive proposed (id, created_by_user_id, retry_of_batch_id) as (
          select id, created_by_user_id, retry_of_batch_id from payout_batch where id = approval.batch_id
          union all
          select earlier.id, earlier.created_by_user_id, earlier.retry_of_batch_id
          from proposed join payout_batch as earlier on earlier.id = proposed.retry_of_batch_id
        )
        select from proposed
        where proposed.created_by_user_id = ${userId} or exists (
          select from approval as asked
          where asked.batch_id = proposed.id and asked.requested_by_user_id = ${userId})))`;
}
