import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { required } from '../../core/errors.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { type Seed, type SeededOrganization, type SeededPerson, seedWorld } from '../kit/seed.ts';
import { changeRoles, invite, memberOf, remove } from './membersKit.ts';

// What somebody has open when their rights end.

let api: TestApi;
let seed: Seed;
let acme: SeededOrganization;
let olga: SeededPerson;
let adam: SeededPerson;
let vera: SeededPerson;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
});
afterAll(() => api.close());
beforeEach(async () => {
  acme = await seed.organization('Acme', { olga: ['OWNER'], adam: ['ADMIN'], vera: ['VIEWER'] });
  [olga, adam, vera] = [memberOf(acme, 'olga'), memberOf(acme, 'adam'), memberOf(acme, 'vera')];
});

type Message = { events: { type: string; invitation?: { id: string } | null } };

/** The log from here on, as messages come. */
async function follow(person: SeededPerson) {
  const { organization } = await person.client.request<{ organization: { eventCursor: string } }>(
    'query ($id: ID!) { organization(id: $id) { eventCursor } }',
    { id: acme.id },
  );
  const stream = person.client.subscribe<Message>(
    `subscription ($id: ID!, $after: EventCursor) { events(organizationId: $id, after: $after) {
      type ... on InvitationEvent { invitation { id } } } }`,
    { id: acme.id, after: organization.eventCursor },
  );
  return {
    next: async () => required((await stream.next()).value, 'A message'),
    isOver: async () => (await stream.next()).done === true,
    close: () => stream.return(),
  };
}

it('a removed member’s streams end instead of their next message, others’ tell of it', async () => {
  const [veras, adams] = [await follow(vera), await follow(adam)];
  await invite(olga, acme);
  // Both are under way.
  for (const stream of [veras, adams]) {
    expect(await stream.next()).toMatchObject({ data: { events: { type: 'MEMBER_INVITED' } }, errors: [] });
  }
  await remove(olga, acme, vera);
  expect(await veras.next()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  expect(await veras.isOver()).toBe(true);
  expect(await adams.next()).toMatchObject({ data: { events: { type: 'MEMBER_REMOVED' } }, errors: [] });
  await adams.close();
  const again = vera.client.subscribe('subscription ($id: ID!) { events(organizationId: $id) { type } }', {
    id: acme.id,
  });
  expect((await again.next()).value).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  await again.return();
});

it('a changed role counts from the next message of a stream that goes on', async () => {
  const stream = await follow(adam);
  const { invitation } = await invite(olga, acme);
  expect(await stream.next()).toMatchObject({
    data: { events: { type: 'MEMBER_INVITED', invitation: { id: invitation?.id } } },
  });
  await changeRoles(olga, acme, adam, ['VIEWER']);
  expect(await stream.next()).toMatchObject({ data: { events: { type: 'MEMBER_ROLES_CHANGED' } } });
  await invite(olga, acme);
  expect(await stream.next()).toMatchObject({
    data: { events: { type: 'MEMBER_INVITED', invitation: null } },
    errors: [],
  });
  await stream.close();
});
