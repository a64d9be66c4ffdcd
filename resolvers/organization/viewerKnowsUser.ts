import { type Expression, type RawBuilder, sql } from 'kysely';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';

/**
 * The condition for reading people and their keys: the viewer themself, or somebody who is a member of an organization
 * that the viewer is a member of.
 * @throws UnauthenticatedError when nobody is signed in
 */
export function viewerKnowsUser(context: RequestContext, userId: Expression<unknown>): RawBuilder<boolean> {
  const viewer = requireViewer(context);
  return sql<boolean>`(${userId} = ${viewer.userId} or exists (
    select from membership as mine
    join membership as theirs on theirs.organization_id = mine.organization_id
    where mine.user_id = ${viewer.userId} and theirs.user_id = ${userId}))`;
}
