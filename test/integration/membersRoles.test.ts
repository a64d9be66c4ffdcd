import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PERMISSIONS, permissionsOf, ROLES, type Role, rolesWith } from '../../core/permissions.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { type Seed, type SeededOrganization, type SeededPerson, seedWorld } from '../kit/seed.ts';
import {
  accept,
  changeRoles,
  codesOf,
  invite,
  memberEvents,
  memberOf,
  remove,
  rolesIn,
  update,
} from './membersKit.ts';

let api: TestApi;
let seed: Seed;
let acme: SeededOrganization;
let olga: SeededPerson;
let otto: SeededPerson;
let adam: SeededPerson;
let vera: SeededPerson;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
});
afterAll(() => api.close());
beforeEach(async () => {
  acme = await seed.organization('Acme', {
    olga: ['OWNER'],
    otto: ['OWNER', 'APPROVER'],
    adam: ['ADMIN'],
    vera: ['VIEWER'],
  });
  [olga, otto] = [memberOf(acme, 'olga'), memberOf(acme, 'otto')];
  [adam, vera] = [memberOf(acme, 'adam'), memberOf(acme, 'vera')];
});

describe('the table of roles', () => {
  const TABLE = '{ rolePermissions { role description permissions } }';

  it('is what the server goes by, for everybody who is signed in', async () => {
    const { rolePermissions } = await vera.client.request<{
      rolePermissions: { role: Role; description: string; permissions: string[] }[];
    }>(TABLE);
    expect(rolePermissions.map(({ role }) => role)).toEqual(ROLES);
    for (const { role, permissions, description } of rolePermissions) {
      expect(permissions).toEqual(permissionsOf([role]));
      expect(description).toMatch(/\.$/);
    }
    expect(await api.nobody.errorCode(TABLE)).toBe('UNAUTHENTICATED');
  });
});

describe('the guide’s table', () => {
  it('is the server’s', () => {
    const guide = readFileSync(new URL('../../docs/guides/members-and-roles.md', import.meta.url), 'utf8');
    const rows = guide.split('\n').filter((line) => /^\| [A-Z]+(_|\b)/.test(line));
    const written = rows.map((row) => {
      const [name = '', ...marks] = row.split('|').slice(1, -1);
      return [/^ ([A-Z_]+)/.exec(name)?.[1], ROLES.filter((_, index) => marks[index]?.trim() === '✓')];
    });
    expect(written).toEqual(PERMISSIONS.map((permission) => [permission, rolesWith(permission)]));
  });
});

describe('roles', () => {
  it('count from the next request on, and are told', async () => {
    expect(await changeRoles(adam, acme, vera, ['PROPOSER', 'VIEWER'])).toMatchObject({
      membership: { roles: ['PROPOSER', 'VIEWER'] },
      userErrors: [],
    });
    const permissions = async (person: SeededPerson) =>
      (
        await person.client.request<{ viewer: { permissions: string[] } }>(
          'query ($id: ID!) { viewer { permissions(organizationId: $id) } }',
          { id: acme.id },
        )
      ).viewer.permissions;
    expect(await permissions(vera)).toEqual(permissionsOf(['PROPOSER']));
    const again = await changeRoles(adam, acme, vera, ['VIEWER', 'PROPOSER', 'VIEWER']);
    expect(again).toMatchObject({ membership: { roles: ['PROPOSER', 'VIEWER'] }, eventCursor: null });
    expect(await memberEvents(vera, acme)).toMatchObject([
      {
        __typename: 'MemberRolesChanged',
        user: { displayName: 'vera' },
        changedBy: { displayName: 'adam' },
        roles: ['PROPOSER', 'VIEWER'],
        previousRoles: ['VIEWER'],
      },
    ]);
  });

  it('of an OWNER are an OWNER’s to give and to take', async () => {
    for (const attempt of [
      () => changeRoles(adam, acme, vera, ['OWNER']),
      () => changeRoles(adam, acme, otto, ['ADMIN']),
      // Neither what else an OWNER is.
      () => changeRoles(adam, acme, otto, ['OWNER']),
      () => changeRoles(adam, acme, olga, ['OWNER', 'APPROVER']),
      () => changeRoles(adam, acme, adam, ['ADMIN', 'OWNER']),
      () => remove(adam, acme, otto),
    ]) {
      expect(codesOf(await attempt())).toEqual(['OWNER_REQUIRED']);
    }
    expect(codesOf(await changeRoles(olga, acme, vera, ['OWNER']))).toEqual([]);
    expect(codesOf(await remove(olga, acme, otto))).toEqual([]);
  });

  it('are not given by anybody to themself, but by an OWNER', async () => {
    expect((await changeRoles(adam, acme, adam, ['ADMIN', 'APPROVER'])).userErrors).toEqual([
      { code: 'OWN_ROLES', path: ['input', 'roles'] },
    ]);
    expect(codesOf(await changeRoles(olga, acme, olga, ['OWNER', 'APPROVER']))).toEqual([]);
    expect(codesOf(await changeRoles(olga, acme, adam, ['ADMIN', 'APPROVER']))).toEqual([]);
    expect(codesOf(await changeRoles(adam, acme, adam, ['ADMIN']))).toEqual([]);
    expect(codesOf(await changeRoles(adam, acme, adam, ['VIEWER']))).toEqual(['OWN_ROLES']);
  });

  it('are at least one, and of a member', async () => {
    expect(codesOf(await changeRoles(olga, acme, vera, []))).toEqual(['ROLES_EMPTY']);
    const stranger = await seed.person('Stranger');
    expect((await changeRoles(olga, acme, stranger, ['VIEWER'])).userErrors).toEqual([
      { code: 'MEMBER_NOT_FOUND', path: ['input', 'userId'] },
    ]);
    expect(codesOf(await remove(olga, acme, stranger))).toEqual(['MEMBER_NOT_FOUND']);
  });
});

describe('the last OWNER', () => {
  beforeEach(async () => {
    await changeRoles(olga, acme, otto, ['ADMIN']);
  });

  it('cannot go', async () => {
    for (const attempt of [() => remove(olga, acme, olga), () => changeRoles(olga, acme, olga, ['ADMIN'])])
      expect(codesOf(await attempt())).toEqual(['LAST_OWNER']);
    expect(await rolesIn(vera, acme)).toMatchObject({ olga: ['OWNER'] });
  });

  it('stays when two OWNERS remove or demote each other, or leave, at once', async () => {
    const attempts = {
      remove: (by: SeededPerson, member: SeededPerson) => remove(by, acme, member),
      demote: (by: SeededPerson, member: SeededPerson) => changeRoles(by, acme, member, ['VIEWER']),
      leave: (by: SeededPerson) => remove(by, acme, by),
    };
    for (const first of Object.values(attempts)) {
      for (const second of Object.values(attempts)) {
        const pair = await seed.organization('Pair', { anna: ['OWNER'], ben: ['OWNER'], carl: ['VIEWER'] });
        acme = pair;
        const [anna, ben] = [memberOf(pair, 'anna'), memberOf(pair, 'ben')];
        const answers = await Promise.allSettled([first(anna, ben), second(ben, anna)]);
        const owners = Object.values(await rolesIn(memberOf(pair, 'carl'), pair)).filter((roles) =>
          roles.includes('OWNER'),
        );
        expect(owners).toHaveLength(1);
        // Whose turn comes second is refused, for one reason or another, unless they are an OWNER no more and leave.
        const [won] = answers.filter(
          (answer) => answer.status === 'fulfilled' && codesOf(answer.value).length === 0,
        );
        expect(won).toBeDefined();
      }
    }
  });
});

describe('a member who goes', () => {
  it('sees nothing any more, stays named, and may come back', async () => {
    const ORGANIZATION = 'query ($id: ID!) { organization(id: $id) { id } }';
    expect(await remove(adam, acme, vera)).toMatchObject({ organization: { id: acme.id }, userErrors: [] });
    expect(await vera.client.request(ORGANIZATION, { id: acme.id })).toEqual({ organization: null });
    expect(codesOf(await remove(adam, acme, vera))).toEqual(['MEMBER_NOT_FOUND']);
    expect(await memberEvents(olga, acme)).toMatchObject([
      {
        __typename: 'MemberRemoved',
        subject: null,
        user: { displayName: 'vera' },
        changedBy: { displayName: 'adam' },
        previousRoles: ['VIEWER'],
      },
    ]);
    const { secret } = await invite(adam, acme);
    await accept(vera, secret);
    await remove(adam, acme, vera);
    expect(codesOf(await accept(vera, secret))).toEqual(['INVITATION_NOT_PENDING']);
    await accept(vera, (await invite(adam, acme)).secret);
    expect(await vera.client.request(ORGANIZATION, { id: acme.id })).toEqual({
      organization: { id: acme.id },
    });
  });

  it('may leave by themself, whatever they are', async () => {
    expect(await remove(vera, acme, vera)).toMatchObject({ organization: null, userErrors: [] });
    expect(await memberEvents(olga, acme)).toMatchObject([
      { type: 'MEMBER_REMOVED', user: { displayName: 'vera' }, changedBy: { displayName: 'vera' } },
    ]);
  });

  it('takes along the invitations that they gave', async () => {
    const guest = await seed.person('Guest');
    const [asOwner, asAdmin] = [
      await invite(otto, acme, { roles: ['OWNER'] }),
      await invite(otto, acme, { roles: ['ADMIN'] }),
    ];
    const others = await invite(adam, acme);
    await changeRoles(olga, acme, otto, ['ADMIN']);
    expect(codesOf(await accept(guest, asOwner.secret))).toEqual(['INVITATION_NOT_PENDING']);
    await changeRoles(olga, acme, otto, ['APPROVER']);
    expect(codesOf(await accept(guest, asAdmin.secret))).toEqual(['INVITATION_NOT_PENDING']);
    await remove(olga, acme, otto);
    expect(codesOf(await accept(guest, others.secret))).toEqual([]);
    expect((await memberEvents(olga, acme)).map(({ type }) => type)).toEqual([
      'MEMBER_INVITED',
      'MEMBER_INVITED',
      'MEMBER_INVITED',
      'INVITATION_REVOKED',
      'MEMBER_ROLES_CHANGED',
      'INVITATION_REVOKED',
      'MEMBER_ROLES_CHANGED',
      'MEMBER_REMOVED',
      'MEMBER_JOINED',
    ]);
  });
});

describe('settings', () => {
  it('are an OWNER’s to change, and told', async () => {
    expect(await update(olga, acme, { name: '  Acme Ltd ', separatesDuties: true })).toMatchObject({
      organization: { name: 'Acme Ltd', separatesDuties: true },
      userErrors: [],
    });
    expect(await update(olga, acme, { separatesDuties: true })).toMatchObject({ eventCursor: null });
    expect((await update(olga, acme, { name: '' })).userErrors).toEqual([
      { code: 'NAME_INVALID', path: ['input', 'name'] },
    ]);
    expect(
      await adam.client.errorCode(
        'mutation ($id: ID!) { organizationUpdate(input: { organizationId: $id, name: "X" }) { eventCursor } }',
        { id: acme.id },
      ),
    ).toBe('FORBIDDEN');
    expect(await memberEvents(vera, acme)).toMatchObject([
      {
        __typename: 'OrganizationUpdated',
        subject: { __typename: 'Organization' },
        name: 'Acme Ltd',
        previousName: 'Acme',
        separatesDuties: true,
        previouslySeparatedDuties: false,
        changedBy: { displayName: 'olga' },
        organization: { name: 'Acme Ltd' },
      },
    ]);
  });
});
