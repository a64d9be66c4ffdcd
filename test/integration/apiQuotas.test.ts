import { afterAll, beforeAll, expect, test } from 'vitest';
import { UserFaultsError } from '../../core/errors.ts';
import { createDatabase, createPool } from '../../prisma/database.ts';
import { accountOpen } from '../../resolvers/account/accountOpen.ts';
import {
  MAX_ACCOUNTS_PER_ORGANIZATION,
  MAX_OPENING_ACCOUNTS_PER_ORGANIZATION,
} from '../../resolvers/account/newAccount.ts';
import {
  MAX_ORGANIZATIONS_CREATED_PER_USER_AND_DAY,
  organizationCreate,
} from '../../resolvers/organization/organizationCreate.ts';
import { newKey, startTestApi, type TestApi } from '../kit/api.ts';
import { type Seed, type SeededPerson, seedWorld } from '../kit/seed.ts';

// What anybody with a wallet may make others pay for.

let api: TestApi;
let seed: Seed;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
});
afterAll(() => api.close());

/** The codes that an attempt is refused with; empty when it is not. */
async function faultsOf(attempt: Promise<unknown>): Promise<string[]> {
  try {
    await attempt;
    return [];
  } catch (error) {
    if (!(error instanceof UserFaultsError)) throw error;
    return error.faults.map(({ code }) => code);
  }
}

function create(founder: SeededPerson, owner?: SeededPerson) {
  const members =
    owner === undefined
      ? []
      : [{ displayName: 'Owner', address: owner.wallet.address, roles: ['OWNER'] as const }];
  return organizationCreate(founder.context, { name: 'Another', members, idempotencyKey: newKey() });
}

/** What a person asked for was a day ago: only the tables' owner can say so. */
async function makeDayOld(person: SeededPerson): Promise<void> {
  const owner = createDatabase(createPool(api.ownerUrl));
  await owner
    .updateTable('idempotencyKey')
    .set({ createdAt: new Date(Date.now() - 25 * 3_600_000) })
    .where('scopeId', '=', person.userId)
    .execute();
  await owner.destroy();
}

test('a person makes so many organizations a day; those that strangers name them in do not count', async () => {
  const [alice, mallory] = [await seed.person('Alice'), await seed.person('Mallory')];
  for (let count = 0; count < MAX_ORGANIZATIONS_CREATED_PER_USER_AND_DAY; count += 1) {
    await create(mallory, alice);
  }
  expect(await faultsOf(create(mallory, alice))).toEqual(['TOO_MANY_ORGANIZATIONS']);
  for (let count = 0; count < MAX_ORGANIZATIONS_CREATED_PER_USER_AND_DAY; count += 1) await create(alice);
  expect(await faultsOf(create(alice))).toEqual(['TOO_MANY_ORGANIZATIONS']);
  await makeDayOld(alice);
  expect(await faultsOf(create(alice))).toEqual([]);
});

test('an organization has so many accounts that open, and so many at all', async () => {
  const acme = await seed.organization('Acme', { alice: ['OWNER', 'ADMIN', 'APPROVER'] });
  const { alice } = acme.people;
  if (alice === undefined) throw new Error('nobody');
  const open = () =>
    accountOpen(alice.context, {
      organizationId: acme.uuid,
      chainId: seed.chainUuid,
      name: 'Another',
      approverSignerIds: [alice.signerId],
      threshold: 1,
      idempotencyKey: newKey(),
    });
  const setActive = () =>
    api.database
      .updateTable('account')
      .set({ status: 'ACTIVE', openedAtBlock: 1n })
      .where('organizationId', '=', acme.uuid)
      .execute();
  for (let count = 0; count < MAX_OPENING_ACCOUNTS_PER_ORGANIZATION; count += 1) await open();
  expect(await faultsOf(open())).toEqual(['TOO_MANY_ACCOUNTS']);
  await setActive();
  for (let count = MAX_OPENING_ACCOUNTS_PER_ORGANIZATION; count < MAX_ACCOUNTS_PER_ORGANIZATION; count += 1) {
    expect(await faultsOf(open())).toEqual([]);
    await setActive();
  }
  expect(await faultsOf(open())).toEqual(['TOO_MANY_ACCOUNTS']);
});
