import { type RawBuilder, sql } from 'kysely';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';

/**
 * The condition for reading rows of `signer`: the viewer's own key, or one by which an organization that both are members
 * of knows its owner: a key that was named when they became a member, or one that owns an account of it. Somebody who
 * names a stranger's key in an organization of their own learns no other key from it.
 * @throws UnauthenticatedError when nobody is signed in
 */
export function viewerKnowsSigner(context: RequestContext): RawBuilder<boolean> {
  const viewer = requireViewer(context);
  return sql<boolean>`(signer.user_id = ${viewer.userId} or exists (
    select from membership as mine
    join membership as theirs on theirs.organization_id = mine.organization_id
    where mine.user_id = ${viewer.userId} and theirs.user_id = signer.user_id
      and (signer.address = any(theirs.addresses) or exists (
        select from account
        where account.organization_id = theirs.organization_id and signer.address = any(account.owners)))))`;
}
