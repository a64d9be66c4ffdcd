import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';
import { hashInvitationSecret } from './invitationSecret.ts';
import { type InvitationRow, selectInvitations } from './selectInvitations.ts';

export type InvitationPreviewRow = InvitationRow & { organizationName: string };

/** What the holder of a secret is invited to; null for an unknown one. @throws UnauthenticatedError */
export async function previewInvitation(
  context: RequestContext,
  secret: string,
): Promise<InvitationPreviewRow | null> {
  requireViewer(context);
  const secretHash = hashInvitationSecret(secret);
  if (secretHash === null) return null;
  const row = await selectInvitations(context.log.database)
    .innerJoin('organization', 'organization.id', 'invitation.organizationId')
    .select('organization.name as organizationName')
    .where('invitation.secretHash', '=', secretHash)
    .executeTakeFirst();
  return row ?? null;
}
