import { required } from '../../core/errors.ts';
import type { Role } from '../../core/permissions.ts';
import { newKey } from '../kit/api.ts';
import type { TestClient } from '../kit/client.ts';
import { nodeId, type SeededOrganization, type SeededPerson } from '../kit/seed.ts';

export type Refused = { code: string; path: string[] | null };
export type Answer<Payload> = Payload & { userErrors: Refused[]; eventCursor: string | null };
export type Invited = { invitation: { id: string; status: string } | null; secret: string | null };

export function memberOf(organization: SeededOrganization, name: string): SeededPerson {
  return required(organization.people[name], name);
}

/** Sends a mutation and returns its payload. Fails at top-level errors. */
export async function mutate<Payload>(
  client: TestClient,
  name: string,
  select: string,
  input: object,
): Promise<Answer<Payload>> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const answer = await client.request<Record<string, Answer<Payload>>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${select} eventCursor userErrors { code path } } }`,
    { input },
  );
  return required(answer[name], name);
}

export function codesOf({ userErrors }: Answer<unknown>): string[] {
  return userErrors.map(({ code }) => code);
}

export function invite(
  inviter: SeededPerson,
  organization: SeededOrganization,
  input: { roles?: Role[]; address?: string; displayName?: string; idempotencyKey?: string } = {},
): Promise<Answer<Invited & { replayed: boolean }>> {
  return mutate(inviter.client, 'memberInvite', 'invitation { id status } secret replayed', {
    organizationId: organization.id,
    displayName: 'Guest',
    roles: ['VIEWER'],
    idempotencyKey: newKey(),
    ...input,
  });
}

export function accept(
  guest: SeededPerson,
  secret: string | null,
  displayName?: string,
): Promise<Answer<{ organization: { id: string; name: string } | null }>> {
  return mutate(guest.client, 'invitationAccept', 'organization { id name }', { secret, displayName });
}

export function revoke(by: SeededPerson, invitation: { id: string } | null): Promise<Answer<Invited>> {
  return mutate(by.client, 'invitationRevoke', 'invitation { id status }', { invitationId: invitation?.id });
}

export function changeRoles(
  by: SeededPerson,
  organization: SeededOrganization,
  member: SeededPerson,
  roles: readonly Role[],
): Promise<Answer<{ membership: { roles: Role[] } | null }>> {
  return mutate(by.client, 'memberRolesChange', 'membership { roles }', {
    organizationId: organization.id,
    userId: nodeId('User', member.userId),
    roles,
  });
}

export function remove(
  by: SeededPerson,
  organization: SeededOrganization,
  member: SeededPerson,
): Promise<Answer<{ organization: { id: string } | null }>> {
  return mutate(by.client, 'memberRemove', 'organization { id }', {
    organizationId: organization.id,
    userId: nodeId('User', member.userId),
  });
}

export function update(
  by: SeededPerson,
  organization: SeededOrganization,
  settings: { name?: string; separatesDuties?: boolean },
): Promise<Answer<{ organization: { name: string; separatesDuties: boolean } | null }>> {
  return mutate(by.client, 'organizationUpdate', 'organization { name separatesDuties }', {
    organizationId: organization.id,
    ...settings,
  });
}

/** Who is what, by name; read by somebody who may. */
export async function rolesIn(
  reader: SeededPerson,
  organization: SeededOrganization,
): Promise<Record<string, Role[]>> {
  const answer = await reader.client.request<{
    organization: {
      members: { edges: { node: { roles: Role[]; joinedAt: string; user: { displayName: string } } }[] };
    };
  }>(
    `query ($id: ID!) { organization(id: $id) { members(first: 100) { edges { node {
      roles joinedAt user { displayName } } } } } }`,
    { id: organization.id },
  );
  return Object.fromEntries(
    answer.organization.members.edges.map(({ node }) => [node.user.displayName, node.roles]),
  );
}

/** The entries of the log with all that they tell of members, oldest first. */
export async function memberEvents(
  reader: SeededPerson,
  organization: SeededOrganization,
): Promise<Record<string, unknown>[]> {
  const answer = await reader.client.request<{
    organization: { events: { edges: { node: Record<string, unknown> }[] } };
  }>(
    `query ($id: ID!) { organization(id: $id) { events(first: 100) { edges { node {
      __typename type subject { __typename }
      ... on InvitationEvent { displayName roles invitation { status } changedBy { ... on User { displayName } } }
      ... on MemberEvent { user { displayName } changedBy { ... on User { displayName } } }
      ... on MemberJoined { roles invitation { status } invitedBy { ... on User { displayName } } }
      ... on MemberRolesChanged { roles previousRoles }
      ... on MemberRemoved { previousRoles }
      ... on OrganizationUpdated { name previousName separatesDuties previouslySeparatedDuties
        changedBy { ... on User { displayName } } organization { name } }
    } } } } }`,
    { id: organization.id },
  );
  return answer.organization.events.edges.map(({ node }) => node);
}
