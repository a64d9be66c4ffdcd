import { unitOfWork } from '../../events/unitOfWork.ts';
import type { RequestContext } from '../requestContext.ts';
import { NAME_FAULTS, requireName } from '../requireName.ts';
import { endApproverInvitations } from './endInvitations.ts';
import { lockMembers } from './lockMembers.ts';

export const ORGANIZATION_UPDATE_FAULTS = {
  NOT_FOUND: 'The organization was not found.',
  ...NAME_FAULTS,
} as const;

export type OrganizationUpdateInput = {
  organizationId: string;
  /** Null leaves it as it is. */
  name: string | null;
  /** Null leaves it as it is. */
  separatesDuties: boolean | null;
};

/**
 * Changes an organization's settings. Needs ORGANIZATION_UPDATE.
 * @throws UserFaultsError with a code of ORGANIZATION_UPDATE_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function organizationUpdate(
  context: RequestContext,
  input: OrganizationUpdateInput,
): Promise<{ organizationId: string; eventCursor: string | null }> {
  const { organizationId } = input;
  const committed = await unitOfWork(context.log, async (work) => {
    const { database } = work;
    const { viewer } = await lockMembers(
      context,
      database,
      organizationId,
      'ORGANIZATION_UPDATE',
      'The organization',
    );
    const previous = await database
      .selectFrom('organization')
      .select(['name', 'separatesDuties'])
      .where('id', '=', organizationId)
      .executeTakeFirstOrThrow();
    const name = input.name === null ? previous.name : requireName(input.name);
    const separatesDuties = input.separatesDuties ?? previous.separatesDuties;
    if (name === previous.name && separatesDuties === previous.separatesDuties) return;
    await database
      .updateTable('organization')
      .set({ name, separatesDuties })
      .where('id', '=', organizationId)
      .execute();
    if (separatesDuties && !previous.separatesDuties) {
      await endApproverInvitations({ work, organizationId, byUserId: viewer.userId });
    }
    work.record({
      organizationId,
      type: 'ORGANIZATION_UPDATED',
      subjectId: organizationId,
      payload: { byUserId: viewer.userId, name, separatesDuties, previous },
    });
  });
  return { organizationId, eventCursor: committed.eventCursor(organizationId) };
}
