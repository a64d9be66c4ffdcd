import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { permissionsOf, ROLES, type Role } from '../../core/permissions.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { nodeId, type Seed, type SeededPerson, seedWorld } from '../kit/seed.ts';

let api: TestApi;
let seed: Seed;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
});
afterAll(() => api.close());

it('whatever members ask for, an OWNER stays and nobody rises by their own hand', async () => {
  const step = fc.record({
    by: fc.nat(4),
    member: fc.nat(4),
    roles: fc.option(fc.subarray([...ROLES], { minLength: 1 }), { nil: null }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
      const company = await seed.organization('Walk', {
        p0: ['OWNER'],
        p1: ['OWNER', 'APPROVER'],
        p2: ['ADMIN'],
        p3: ['PROPOSER'],
        p4: ['VIEWER'],
      });
      const people = Object.values(company.people);
      const rolesOf = async () => {
        const rows = await api.database
          .selectFrom('membership')
          .select(['userId', 'roles'])
          .where('organizationId', '=', company.uuid)
          .execute();
        return new Map(rows.map(({ userId, roles }) => [userId, roles as Role[]]));
      };
      for (const { by, member, roles } of steps) {
        const [actor, subject] = [people[by], people[member]] as [SeededPerson, SeededPerson];
        const before = await rolesOf();
        const ids = { organizationId: company.id, userId: nodeId('User', subject.userId) };
        await (roles === null
          ? actor.client.send(
              'mutation ($i: MemberRemoveInput!) { memberRemove(input: $i) { eventCursor } }',
              {
                i: ids,
              },
            )
          : actor.client.send(
              'mutation ($i: MemberRolesChangeInput!) { memberRolesChange(input: $i) { eventCursor } }',
              { i: { ...ids, roles } },
            ));
        const after = await rolesOf();
        expect([...after.values()].some((held) => held.includes('OWNER'))).toBe(true);
        const actorWas = before.get(actor.userId) ?? [];
        for (const [userId, held] of [...before, ...after]) {
          const [was, is] = [before.get(userId) ?? [], after.get(userId) ?? []];
          const changed = was.join() !== is.join();
          if (changed) expect(userId).toBe(subject.userId);
          if (was.includes('OWNER') !== is.includes('OWNER')) expect(actorWas).toContain('OWNER');
          if (userId === actor.userId && !actorWas.includes('OWNER')) {
            expect(actorWas).toEqual(expect.arrayContaining(is));
          }
          if (changed && userId !== actor.userId) {
            expect(permissionsOf(actorWas)).toContain('MEMBERS_MANAGE');
          }
          expect(held.length).toBeGreaterThan(0);
        }
      }
    }),
    { numRuns: 12 },
  );
});
