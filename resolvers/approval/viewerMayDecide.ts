import { type RawBuilder, sql } from 'kysely';
import { rolesWith } from '../../core/permissions.ts';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';
import { separatesViewer } from './separatesViewer.ts';

/**
 * The condition, on `approval`, that the viewer can decide it now: it is PENDING and in time, they hold APPROVAL_DECIDE,
 * a key of theirs is an owner of the account on chain and has not decided it yet, and the organization does not keep them
 * from granting it because they asked for it.
 * @throws UnauthenticatedError
 */
export function viewerMayDecide(context: RequestContext): RawBuilder<boolean> {
  const { userId } = requireViewer(context);
  return sql<boolean>`(
    approval.status = 'PENDING' and approval.expires_at > now()
    and not ${separatesViewer(context)}
    and exists (
      select from membership
      where membership.organization_id = approval.organization_id and membership.user_id = ${userId}
        and membership.roles && ${rolesWith('APPROVAL_DECIDE')}::text[])
    and exists (
      select from signer join account on account.id = approval.account_id
      where signer.user_id = ${userId} and signer.address = any(account.owners)
        and not exists (
          select from approval_decision as decision
          where decision.approval_id = approval.id and decision.signer_address = signer.address)))`;
}
