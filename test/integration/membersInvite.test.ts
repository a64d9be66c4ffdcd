import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { required } from '../../core/errors.ts';
import { MAX_MEMBERS_PER_ORGANIZATION } from '../../core/limits.ts';
import {
  INVITATION_LIFETIME_SECONDS,
  MAX_PENDING_INVITATIONS_PER_ORGANIZATION,
} from '../../resolvers/organization/memberInvite.ts';
import { newKey, startTestApi, type TestApi } from '../kit/api.ts';
import { nodeId, type Seed, type SeededOrganization, type SeededPerson, seedWorld } from '../kit/seed.ts';
import { accept, codesOf, invite, memberEvents, memberOf, revoke, rolesIn } from './membersKit.ts';

let api: TestApi;
let seed: Seed;
let acme: SeededOrganization;
let olga: SeededPerson;
let adam: SeededPerson;
let guest: SeededPerson;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
});
afterAll(() => api.close());
beforeEach(async () => {
  acme = await seed.organization('Acme', { olga: ['OWNER'], adam: ['ADMIN'], vera: ['VIEWER'] });
  [olga, adam] = [memberOf(acme, 'olga'), memberOf(acme, 'adam')];
  guest = await seed.person('Grace');
});

/** Its time is over: what takes a week otherwise. */
async function expire(): Promise<void> {
  const past = new Date(Date.now() - 1_000);
  await api.database
    .updateTable('invitation')
    .set({ createdAt: new Date(past.getTime() - 1_000), expiresAt: past })
    .where('organizationId', '=', acme.uuid)
    .execute();
}

const PREVIEW = `query ($secret: String!) { invitation(secret: $secret) {
  organizationName displayName roles expiresAt status address } }`;
const preview = async (person: SeededPerson, secret: string | null) =>
  (await person.client.request<{ invitation: Record<string, unknown> | null }>(PREVIEW, { secret }))
    .invitation;
const LISTED = `query ($id: ID!, $status: [InvitationStatus!]) { organization(id: $id) {
  invitations(first: 100, status: $status) { edges { node {
    displayName roles address status createdAt expiresAt organization { id }
    invitedBy { ... on User { displayName } } acceptedBy { displayName } } } } } }`;
type Listed = { organization: { invitations: { edges: { node: Record<string, unknown> }[] } | null } };
const listed = async (person: SeededPerson, status?: string[]) =>
  (await person.client.request<Listed>(LISTED, { id: acme.id, status })).organization.invitations?.edges.map(
    ({ node }) => node,
  ) ?? null;

describe('an invitation', () => {
  it('makes who holds its secret a member, with its roles, once', async () => {
    const { invitation, secret, replayed, eventCursor } = await invite(adam, acme, {
      roles: ['APPROVER', 'PROPOSER'],
      displayName: 'Grace H.',
    });
    expect([invitation?.status, replayed]).toEqual(['PENDING', false]);
    expect(eventCursor).not.toBeNull();
    expect(await preview(guest, secret)).toMatchObject({
      organizationName: 'Acme',
      displayName: 'Grace H.',
      roles: ['PROPOSER', 'APPROVER'],
      status: 'PENDING',
      address: null,
    });
    expect(
      await guest.client.request('query ($id: ID!) { organization(id: $id) { id } }', { id: acme.id }),
    ).toEqual({
      organization: null,
    });
    const accepted = await accept(guest, secret);
    expect(accepted).toMatchObject({ organization: { id: acme.id, name: 'Acme' }, userErrors: [] });
    expect(accepted.eventCursor).not.toBeNull();
    expect(await rolesIn(guest, acme)).toMatchObject({ Grace: ['PROPOSER', 'APPROVER'] });
    expect(await accept(guest, secret)).toMatchObject({ organization: { id: acme.id }, eventCursor: null });
    const second = await seed.person('Second');
    expect(await accept(second, secret)).toMatchObject({
      organization: null,
      userErrors: [{ code: 'INVITATION_NOT_PENDING' }],
    });
    expect(await preview(second, secret)).toMatchObject({ status: 'ACCEPTED' });
    expect(await listed(olga)).toMatchObject([
      {
        status: 'ACCEPTED',
        organization: { id: acme.id },
        invitedBy: { displayName: 'adam' },
        acceptedBy: { displayName: 'Grace' },
      },
    ]);
    expect(await memberEvents(olga, acme)).toMatchObject([
      {
        __typename: 'MemberInvited',
        subject: { __typename: 'Invitation' },
        displayName: 'Grace H.',
        roles: ['PROPOSER', 'APPROVER'],
        changedBy: { displayName: 'adam' },
      },
      {
        __typename: 'MemberJoined',
        subject: { __typename: 'User' },
        user: { displayName: 'Grace' },
        changedBy: { displayName: 'Grace' },
        invitedBy: { displayName: 'adam' },
        roles: ['PROPOSER', 'APPROVER'],
      },
    ]);
  });

  it('is accepted by one of two who come at once', async () => {
    const { secret } = await invite(olga, acme);
    const guests = await Promise.all(Array.from({ length: 5 }, (_, index) => seed.person(`Guest ${index}`)));
    const answers = await Promise.all(guests.map((person) => accept(person, secret)));
    expect(answers.filter(({ organization }) => organization !== null)).toHaveLength(1);
    expect(answers.flatMap(codesOf)).toEqual(Array(4).fill('INVITATION_NOT_PENDING'));
    expect(Object.keys(await rolesIn(olga, acme))).toHaveLength(4);
  });

  it('is kept as the hash of a secret of 256 bits, told once', async () => {
    const idempotencyKey = newKey();
    const { secret, invitation } = await invite(olga, acme, { idempotencyKey });
    expect(Buffer.from(required(secret, 'A secret').replace('pbi_', ''), 'base64url')).toHaveLength(32);
    expect(await invite(olga, acme, { idempotencyKey })).toMatchObject({
      invitation: { id: invitation?.id },
      secret: null,
      replayed: true,
      eventCursor: null,
    });
    expect(codesOf(await invite(olga, acme, { idempotencyKey, roles: ['ADMIN'] }))).toEqual([
      'IDEMPOTENCY_KEY_REUSED',
    ]);
    const { rows } = await sql<{ text: string }>`
      select string_agg(i::text, '') || (select string_agg(e::text, '') from event e) as text
      from invitation i`.execute(api.database);
    expect(rows[0]?.text).toContain('Guest');
    expect(rows[0]?.text).not.toContain(required(secret, 'A secret').slice(4));
  });

  it('names a wallet that alone may accept it', async () => {
    const { secret } = await invite(olga, acme, { address: guest.wallet.address });
    const thief = await seed.person('Thief');
    expect(await preview(thief, secret)).toMatchObject({ address: guest.wallet.address });
    expect(codesOf(await accept(thief, secret))).toEqual(['WALLET_NOT_INVITED']);
    expect(codesOf(await accept(guest, secret))).toEqual([]);
    const lower = guest.wallet.address.toLowerCase();
    expect(codesOf(await invite(olga, acme, { address: lower }))).toEqual(['ALREADY_MEMBER']);
  });

  it('shows the invited wallet, or, where it names none, all of the guest’s', async () => {
    const keysOf = async (person: SeededPerson) => {
      const { node } = await olga.client.request<{ node: { signers: { address: string }[] } }>(
        'query ($id: ID!) { node(id: $id) { ... on User { signers { address } } } }',
        { id: nodeId('User', person.userId) },
      );
      return node.signers.map(({ address }) => address);
    };
    const other = await seed.person('Other');
    const add = async (person: SeededPerson) => {
      const { wallet } = await seed.person('Key');
      const row = { userId: person.userId, label: 'Second' };
      await api.database.updateTable('signer').set(row).where('address', '=', wallet.address).execute();
      return wallet.address;
    };
    const seconds = [await add(guest), await add(other)];
    await accept(guest, (await invite(olga, acme, { address: guest.wallet.address })).secret);
    await accept(other, (await invite(olga, acme)).secret);
    expect(await keysOf(guest)).toEqual([guest.wallet.address]);
    expect(await keysOf(other)).toEqual([other.wallet.address, seconds[1]]);
  });

  it('gives a name to who has none, and leaves it to the guest', async () => {
    const nameOf = async (person: SeededPerson) =>
      (
        await person.client.request<{ viewer: { user: { displayName: string } } }>(
          '{ viewer { user { displayName } } }',
        )
      ).viewer.user.displayName;
    const rename = (person: SeededPerson, displayName: string) =>
      api.database.updateTable('appUser').set({ displayName }).where('id', '=', person.userId).execute();
    const { address } = guest.wallet;
    await rename(guest, `${address.slice(0, 6)}…${address.slice(-4)}`);
    await accept(guest, (await invite(olga, acme, { displayName: 'From the invitation' })).secret);
    expect(await nameOf(guest)).toBe('From the invitation');
    const named = await seed.person('Own name');
    await accept(named, (await invite(olga, acme, { displayName: 'Another' })).secret);
    expect(await nameOf(named)).toBe('Own name');
    const choosing = await seed.person('Old');
    await accept(choosing, (await invite(olga, acme)).secret, '  New name ');
    expect(await nameOf(choosing)).toBe('New name');
    const { secret } = await invite(olga, acme);
    expect((await accept(await seed.person('X'), secret, 'two\nlines')).userErrors).toEqual([
      { code: 'DISPLAY_NAME_INVALID', path: ['input', 'displayName'] },
    ]);
  });

  it('is over after a week', async () => {
    const { secret, invitation } = await invite(olga, acme);
    const [row] = required(await listed(olga), 'Invitations');
    const lifetime = Date.parse(`${row?.expiresAt}`) - Date.parse(`${row?.createdAt}`);
    expect(lifetime).toBe(INVITATION_LIFETIME_SECONDS * 1000);
    await expire();
    expect(codesOf(await accept(guest, secret))).toEqual(['INVITATION_EXPIRED']);
    expect(await preview(guest, secret)).toMatchObject({ status: 'EXPIRED' });
    expect(codesOf(await revoke(olga, invitation))).toEqual(['INVITATION_NOT_PENDING']);
    expect(await listed(olga, ['PENDING'])).toEqual([]);
    expect(await listed(olga, ['EXPIRED'])).toMatchObject([{ status: 'EXPIRED' }]);
  });

  it('is taken back', async () => {
    const { secret, invitation } = await invite(adam, acme);
    expect(await revoke(olga, invitation)).toMatchObject({
      invitation: { status: 'REVOKED' },
      userErrors: [],
    });
    expect(await revoke(olga, invitation)).toMatchObject({ userErrors: [], eventCursor: null });
    expect(codesOf(await accept(guest, secret))).toEqual(['INVITATION_NOT_PENDING']);
    const accepted = await invite(adam, acme);
    await accept(guest, accepted.secret);
    expect(codesOf(await revoke(olga, accepted.invitation))).toEqual(['INVITATION_NOT_PENDING']);
    expect((await memberEvents(olga, acme)).map(({ type }) => type)).toEqual([
      'MEMBER_INVITED',
      'INVITATION_REVOKED',
      'MEMBER_INVITED',
      'MEMBER_JOINED',
    ]);
  });

  it('is either accepted or revoked when both come at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { secret, invitation } = await invite(olga, acme);
      const person = await seed.person(`Racer ${round}`);
      const [joined, revoked] = await Promise.all([accept(person, secret), revoke(olga, invitation)]);
      expect([codesOf(joined), codesOf(revoked)].filter((codes) => codes.length === 0)).toHaveLength(1);
      const names = Object.keys(await rolesIn(olga, acme));
      expect(names.includes(person.name)).toBe(codesOf(joined).length === 0);
    }
  });

  it('is shown to those who manage members alone, but told in the log to all', async () => {
    const { invitation } = await invite(olga, acme);
    const vera = memberOf(acme, 'vera');
    expect(await listed(vera)).toBeNull();
    expect(await listed(adam)).toHaveLength(1);
    expect(
      await vera.client.request('query ($id: ID!) { node(id: $id) { id } }', { id: invitation?.id }),
    ).toEqual({ node: null });
    expect(await memberEvents(vera, acme)).toMatchObject([
      { type: 'MEMBER_INVITED', subject: null, invitation: null, displayName: 'Guest' },
    ]);
  });

  it('is refused where it cannot be', async () => {
    expect((await invite(olga, acme, { roles: [] })).userErrors).toEqual([
      { code: 'ROLES_EMPTY', path: ['input', 'roles'] },
    ]);
    expect((await invite(olga, acme, { displayName: ' ' })).userErrors).toEqual([
      { code: 'DISPLAY_NAME_INVALID', path: ['input', 'displayName'] },
    ]);
    expect((await invite(olga, acme, { address: '0x12' })).userErrors).toEqual([
      { code: 'ADDRESS_INVALID', path: ['input', 'address'] },
    ]);
    expect((await invite(adam, acme, { roles: ['OWNER'] })).userErrors).toEqual([
      { code: 'OWNER_REQUIRED', path: ['input', 'roles'] },
    ]);
    expect(codesOf(await invite(olga, acme, { roles: ['OWNER'] }))).toEqual([]);
    expect(codesOf(await accept(adam, (await invite(olga, acme)).secret))).toEqual(['ALREADY_MEMBER']);
    for (const secret of ['', 'pbi_', `pbi_${'A'.repeat(43)}`, 'x'.repeat(10_000)]) {
      expect((await accept(guest, secret)).userErrors).toEqual([
        { code: 'NOT_FOUND', path: ['input', 'secret'] },
      ]);
      expect(await preview(guest, secret)).toBeNull();
    }
    expect(await api.nobody.errorCode(PREVIEW, { secret: 'x' })).toBe('UNAUTHENTICATED');
    expect(
      await api.nobody.errorCode('mutation { invitationAccept(input: { secret: "x" }) { eventCursor } }'),
    ).toBe('UNAUTHENTICATED');
  });

  it('lets nobody into an organization that is full', async () => {
    const [early, late] = [await invite(olga, acme), await invite(olga, acme)];
    await sql`
      with people as (insert into app_user (display_name)
        select 'Member' from generate_series(1, ${MAX_MEMBERS_PER_ORGANIZATION - 4}) returning id)
      insert into membership (organization_id, user_id, roles)
        select ${acme.uuid}::uuid, id, array['VIEWER'] from people`.execute(api.database);
    expect(codesOf(await accept(guest, early.secret))).toEqual([]);
    expect(codesOf(await accept(await seed.person('Late'), late.secret))).toEqual(['TOO_MANY_MEMBERS']);
    expect(codesOf(await invite(olga, acme))).toEqual(['TOO_MANY_MEMBERS']);
  });

  it('waits beside so many others at most, also when they are asked for at once', async () => {
    const first = await invite(olga, acme);
    for (let count = 2; count < MAX_PENDING_INVITATIONS_PER_ORGANIZATION; count += 1)
      await invite(olga, acme);
    const last = await Promise.all([invite(olga, acme), invite(adam, acme), invite(olga, acme)]);
    expect(last.flatMap(codesOf)).toEqual(['TOO_MANY_INVITATIONS', 'TOO_MANY_INVITATIONS']);
    await revoke(olga, first.invitation);
    expect(codesOf(await invite(olga, acme))).toEqual([]);
    await expire();
    expect(codesOf(await invite(olga, acme))).toEqual([]);
  });
});
