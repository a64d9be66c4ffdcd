import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SafeFault } from '../../core/safeFaults.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { MAX_OPENING_ACCOUNTS_PER_ORGANIZATION } from '../../resolvers/account/newAccount.ts';
import { newKey, startTestApi, type TestApi } from '../kit/api.ts';
import type { TestClient } from '../kit/client.ts';
import { nodeId, randomAddress, type Seed, type SeededOrganization, seedWorld } from '../kit/seed.ts';

let api: TestApi;
let seed: Seed;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
});
afterAll(() => api.close());

const ACCOUNT = `id status address threshold approvers { address }
  safe { singleton version owners modules guard fallbackHandler faults { code message } blockNumber }`;
const ADOPT = `mutation ($input: AccountAdoptInput!) { accountAdopt(input: $input) {
  account { ${ACCOUNT} } replayed eventCursor userErrors { code path message } } }`;

type Adopted = {
  account: { id: string; status: string } | null;
  replayed: boolean;
  userErrors: { code: string; path: string[]; message: string }[];
};

async function adopt(client: TestClient, organization: SeededOrganization, input: object): Promise<Adopted> {
  const answer = await client.request<{ accountAdopt: Adopted }>(ADOPT, {
    input: {
      organizationId: organization.id,
      chainId: nodeId('Chain', seed.chainUuid),
      name: ' Old treasury ',
      idempotencyKey: newKey(),
      ...input,
    },
  });
  return answer.accountAdopt;
}

function newOrganization(name: string) {
  return seed.organization(name, { alice: ['OWNER', 'APPROVER'], bob: ['APPROVER'] });
}

function clientOf({ people }: SeededOrganization, name = 'alice'): TestClient {
  const person = people[name];
  if (person === undefined) throw new Error(`no ${name}`);
  return person.client;
}

const FAULT: SafeFault = { code: 'GUARD_SET', message: 'The guard 0x… decides.' };

async function inspect(organizationId: string, accountId: string, faults: readonly SafeFault[]) {
  const inspection = {
    singleton: randomAddress(),
    version: '1.4.1',
    owners: [randomAddress()],
    modules: [],
    guard: randomAddress(),
    fallbackHandler: null,
    blockNumber: 100n,
  };
  await api.database
    .insertInto('accountInspection')
    .values({ ...inspection, organizationId, accountId, faults: JSON.stringify(faults) })
    .execute();
  return { ...inspection, blockNumber: '100' };
}

describe('accountAdopt', () => {
  it('answers OPENING with the address given, once for one key', async () => {
    const acme = await newOrganization('Acme');
    const address = randomAddress();
    const idempotencyKey = newKey();
    const adopted = await adopt(clientOf(acme), acme, { address: address.toLowerCase(), idempotencyKey });
    expect(adopted).toEqual({
      account: {
        id: expect.any(String),
        status: 'OPENING',
        address,
        threshold: 0,
        approvers: [],
        safe: null,
      },
      replayed: false,
      eventCursor: null,
      userErrors: [],
    });
    const again = await adopt(clientOf(acme), acme, { address, idempotencyKey });
    expect(again).toEqual({ ...adopted, replayed: true });
    const other = await adopt(clientOf(acme), acme, { address: randomAddress(), idempotencyKey });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  });

  it('refuses the same Safe twice in an organization, and tells another organization nothing of it', async () => {
    const [acme, rival] = [await newOrganization('Acme'), await newOrganization('Rival')];
    const address = randomAddress();
    await adopt(clientOf(acme), acme, { address });
    const twice = await adopt(clientOf(acme), acme, { address });
    expect(twice).toMatchObject({
      account: null,
      userErrors: [{ code: 'ACCOUNT_EXISTS', path: ['input', 'address'] }],
    });
    expect(twice.userErrors[0]?.message).toContain('Old treasury');
    expect(await adopt(clientOf(rival), rival, { address })).toMatchObject({
      account: { status: 'OPENING' },
      userErrors: [],
    });
  });

  it('adopts the same Safe once, however many ask at once', async () => {
    const acme = await newOrganization('Acme');
    const address = randomAddress();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => adopt(clientOf(acme), acme, { address })),
    );
    expect(answers.filter(({ account }) => account !== null)).toHaveLength(1);
    expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(
      Array.from({ length: 3 }, () => 'ACCOUNT_EXISTS'),
    );
  });

  it.each([
    [{ address: '0x12' }, 'ADDRESS_INVALID', ['input', 'address']],
    [{ address: randomAddress(), name: ' ' }, 'NAME_INVALID', ['input', 'name']],
    [{ address: randomAddress(), chainId: nodeId('Chain', seedlessId()) }, 'NOT_FOUND', ['input', 'chainId']],
    [
      { address: randomAddress(), idempotencyKey: ' ' },
      'IDEMPOTENCY_KEY_INVALID',
      ['input', 'idempotencyKey'],
    ],
  ])('refuses %o with %s', async (input, code, path) => {
    const acme = await newOrganization('Acme');
    expect((await adopt(clientOf(acme), acme, input)).userErrors).toMatchObject([{ code, path }]);
  });

  it('lets few be read at once; what was refused keeps nobody from adopting more', async () => {
    const acme = await newOrganization('Acme');
    const ask = () => adopt(clientOf(acme), acme, { address: randomAddress() });
    for (let count = 0; count < MAX_OPENING_ACCOUNTS_PER_ORGANIZATION; count += 1) await ask();
    expect((await ask()).userErrors).toMatchObject([{ code: 'TOO_MANY_ACCOUNTS' }]);
    await api.database
      .updateTable('account')
      .set({ status: 'REFUSED' })
      .where('organizationId', '=', acme.uuid)
      .execute();
    expect((await ask()).userErrors).toEqual([]);
  });

  it('needs ACCOUNT_OPEN', async () => {
    const acme = await newOrganization('Acme');
    await expect(adopt(clientOf(acme, 'bob'), acme, { address: randomAddress() })).rejects.toThrow(
      'ACCOUNT_OPEN',
    );
  });
});

describe('what was read of a Safe', () => {
  it('is shown with its faults, to members alone, and told by events', async () => {
    const acme = await newOrganization('Acme');
    const account = await acme.account();
    const read = await inspect(acme.uuid, account.uuid, [FAULT]);
    const document = `query ($id: ID!) { account(id: $id) { ${ACCOUNT} } }`;
    expect(await clientOf(acme).request(document, { id: account.id })).toMatchObject({
      account: { safe: { ...read, faults: [FAULT] } },
    });
    const rival = await newOrganization('Rival');
    expect(await clientOf(rival).request(document, { id: account.id })).toEqual({ account: null });

    await unitOfWork(api.log, async (work) => {
      const about = { organizationId: acme.uuid, subjectId: account.uuid };
      work.record({ ...about, type: 'ACCOUNT_CHANGED', payload: { changed: ['GUARD'], faults: [FAULT] } });
      work.record({ ...about, type: 'ACCOUNT_REFUSED', payload: { faults: [FAULT] } });
    });
    const events = await clientOf(acme).request(
      `query ($id: ID!) { organization(id: $id) { events(types: [ACCOUNT_CHANGED, ACCOUNT_REFUSED]) { edges { node {
        __typename subject { id } ... on AccountEvent { account { id } }
        ... on AccountChanged { changed faults { code message } } ... on AccountRefused { faults { code message } } } } } } }`,
      { id: acme.id },
    );
    const node = { account: { id: account.id }, subject: { id: account.id }, faults: [FAULT] };
    expect(events).toEqual({
      organization: {
        events: {
          edges: [
            { node: { __typename: 'AccountChanged', changed: ['GUARD'], ...node } },
            { node: { __typename: 'AccountRefused', ...node } },
          ],
        },
      },
    });
  });

  it('names of its owners those alone who are members, whoever else has a key here', async () => {
    const acme = await newOrganization('Acme');
    const [account, stranger] = [await acme.account(), await seed.person('stranger')];
    const { alice } = acme.people;
    const owners = [stranger.wallet.address, alice?.wallet.address ?? ''];
    await api.database.updateTable('account').set({ owners }).where('id', '=', account.uuid).execute();
    const document = 'query ($id: ID!) { account(id: $id) { approvers { address } } }';
    expect(await clientOf(acme).request(document, { id: account.id })).toEqual({
      account: { approvers: [{ address: alice?.wallet.address }] },
    });
  });

  it('costs as many statements for many accounts as for one', async () => {
    const measure = async (count: number) => {
      const acme = await newOrganization('Acme');
      for (let index = 0; index < count; index += 1) {
        const { uuid } = await acme.account();
        await inspect(acme.uuid, uuid, [FAULT]);
      }
      const { value, statements } = await api.countStatements(() =>
        clientOf(acme).request(
          `query ($id: ID!) { organization(id: $id) { accounts(first: 100) { edges { node { ${ACCOUNT} } } } } }`,
          { id: acme.id },
        ),
      );
      expect(JSON.stringify(value).match(/GUARD_SET/g)).toHaveLength(count);
      return statements.length;
    };
    expect(await measure(20)).toBe(await measure(1));
  });
});

/** An id of nothing. */
function seedlessId(): string {
  return '01999999-9999-7999-8999-999999999999';
}
