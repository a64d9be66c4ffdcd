import { getNamedType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { required } from '../../core/errors.ts';
import { NODE_TYPES, type NodeType } from '../../core/ids.ts';
import { schema } from '../../schema/schema.ts';
import { newKey, startTestApi, type TestApi } from '../kit/api.ts';
import type { TestClient } from '../kit/client.ts';
import { nodeId, randomAddress } from '../kit/seed.ts';
import { selectionOf } from '../kit/selection.ts';
import { MANAGED_TYPES, PUBLIC_TYPES, person, seedTenants, type Tenants } from './apiTenancySeed.ts';

// Everything that can be read of one organization, asked for by nobody, by a stranger, and by one who may only read.

let api: TestApi;
let acme: Tenants['acme'];
let seed: Tenants['seed'];
let account: Tenants['account'];
let other: Tenants['other'];
let mallory: Tenants['mallory'];
let reader: Tenants['reader'];
let uuids: Tenants['uuids'];
beforeAll(async () => {
  api = await startTestApi();
  ({ seed, acme, account, other, mallory, reader, uuids } = await seedTenants(api));
});
afterAll(() => api.close());

const NOWHERE = '01990000-0000-7000-8000-000000000000';

describe('keys of people', () => {
  const KEYS = 'query ($id: ID!) { node(id: $id) { ... on User { signers { id address } } } }';
  const keysOf = async (client: TestClient, userId: string) => {
    const { node } = await client.request<{ node: { signers: { id: string; address: string }[] } | null }>(
      KEYS,
      { id: nodeId('User', userId) },
    );
    return node?.signers.map(({ address }) => address) ?? null;
  };
  const found = (client: TestClient, address: string) =>
    client.request<{ organizationCreate: { userErrors: object[] } }>(
      `mutation ($input: OrganizationCreateInput!) {
        organizationCreate(input: $input) { userErrors { code } } }`,
      {
        input: {
          name: 'Curious',
          members: [{ displayName: 'Somebody', address, roles: ['VIEWER'] }],
          idempotencyKey: newKey(),
        },
      },
    );

  it('are shown to who names one of them only as far as their organization knows them', async () => {
    const bob = person(acme, 'bob');
    const second = randomAddress();
    const { id } = await api.database
      .insertInto('signer')
      .values({ userId: bob.userId, kind: 'WALLET', label: 'Other', address: second })
      .returning('id')
      .executeTakeFirstOrThrow();
    const eve = await seed.person('eve');
    expect(await keysOf(eve.client, bob.userId)).toBeNull();
    await found(eve.client, bob.wallet.address);
    expect(await keysOf(eve.client, bob.userId)).toEqual([bob.wallet.address]);
    expect(
      await eve.client.request('query ($id: ID!) { node(id: $id) { id } }', { id: nodeId('Signer', id) }),
    ).toEqual({ node: null });
    expect(await keysOf(bob.client, bob.userId)).toEqual([bob.wallet.address, second]);
    await api.database
      .updateTable('account')
      .set({ owners: [bob.wallet.address, second] })
      .where('id', '=', account.uuid)
      .execute();
    expect(await keysOf(reader.client, bob.userId)).toEqual([bob.wallet.address, second]);
    expect(await keysOf(eve.client, bob.userId)).toEqual([bob.wallet.address]);
  });

  it('are shown by who makes an organization', async () => {
    const eve = await seed.person('eve');
    const bob = person(acme, 'bob');
    await found(eve.client, bob.wallet.address);
    expect(await keysOf(bob.client, eve.userId)).toEqual([eve.wallet.address]);
  });
});

describe('nodes', () => {
  const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';
  const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

  it.each(NODE_TYPES)('%s exists for members, not for others', async (type) => {
    const id = nodeId(type, uuids[type]);
    const node = { __typename: type, id };
    const isManaged = MANAGED_TYPES.includes(type);
    expect(await person(acme, 'alice').client.request(NODE, { id })).toEqual({ node });
    expect(await reader.client.request(NODE, { id })).toEqual({ node: isManaged ? null : node });
    expect(await mallory.client.request(NODE, { id })).toEqual({
      node: PUBLIC_TYPES.includes(type) ? node : null,
    });
    expect(await mallory.client.request(NODE, { id: nodeId(type, NOWHERE) })).toEqual({ node: null });
    expect(await api.nobody.errorCode(NODE, { id })).toBe('UNAUTHENTICATED');
  });

  it('are null among others, too, and for what is no id', async () => {
    const tenant = NODE_TYPES.filter((type) => !PUBLIC_TYPES.includes(type));
    const ids = [...tenant.map((type) => nodeId(type, uuids[type])), 'nonsense', '', nodeId('User', NOWHERE)];
    expect(await mallory.client.request(NODES, { ids })).toEqual({ nodes: ids.map(() => null) });
    const { client } = person(acme, 'alice');
    const seen = await client.request<{ nodes: ({ id: string } | null)[] }>(NODES, { ids });
    expect(seen.nodes.slice(0, tenant.length).map((node) => node?.id)).toEqual(ids.slice(0, tenant.length));
    expect(await api.nobody.errorCode(NODES, { ids })).toBe('UNAUTHENTICATED');
  });

  it('cannot be reached under another type’s name', async () => {
    for (const type of NODE_TYPES) {
      const id = nodeId('Organization', uuids[type]);
      if (type !== 'Organization') expect(await reader.client.request(NODE, { id })).toEqual({ node: null });
    }
  });
});

describe('fields', () => {
  const roots = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
    (field) => field.args.length === 1 && field.args[0]?.name === 'id' && field.name !== 'node',
  );

  it.each(roots.map((field) => [field.name, field] as const))('all below Query.%s', async (name, field) => {
    const type = getNamedType(field.type);
    const id = nodeId(type.name as NodeType, uuids[type.name as NodeType]);
    const without = type.name === 'Organization' ? ['Approval.intent', 'Approval.signingRequest'] : [];
    const document = `query ($id: ID!) { ${name}(id: $id) ${selectionOf(schema, type, { depth: 2, lists: true, without })} }`;
    const seen = await reader.client.request(document, { id });
    expect(seen[name]).toMatchObject({ __typename: type.name });
    const hidden = await mallory.client.send(document, { id });
    expect(hidden).toMatchObject({ data: { [name]: null }, errors: [] });
    expect(hidden.data).toEqual(
      (await mallory.client.send(document, { id: nodeId(type.name as NodeType, NOWHERE) })).data,
    );
    expect(await api.nobody.errorCode(document, { id })).toBe('UNAUTHENTICATED');
  });

  it('has every root field in this walk', () => {
    // What a secret opens, and what is the same for everybody, have tests of their own (members*.test.ts).
    const apart = ['invitation', 'rolePermissions'];
    const walked = [...roots.map(({ name }) => name), ...apart, 'node', 'nodes', 'viewer', 'chains'];
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {}).sort()).toEqual(walked.sort());
  });

  it('all below Query.viewer and Query.chains show a member of another organization nothing of this one', async () => {
    const viewer = selectionOf(schema, required(schema.getType('Viewer'), 'Viewer'), {
      depth: 4,
      lists: true,
      without: [
        'Approval.intent',
        'Approval.signingRequest',
        'Organization.payouts',
        'Account.payoutBatches',
        'Account.organization',
      ],
    });
    const chains = selectionOf(schema, required(schema.getType('Chain'), 'Chain'), { depth: 2, lists: true });
    const { data, errors } = await mallory.client.send(`{ viewer ${viewer} chains ${chains} }`);
    expect(errors).toEqual([]);
    const text = JSON.stringify(data);
    expect(text).toContain(other.id);
    for (const type of NODE_TYPES) {
      if (!PUBLIC_TYPES.includes(type)) expect(text).not.toContain(nodeId(type, uuids[type]));
    }
    expect(text).not.toContain(account.address);
    for (const { wallet } of Object.values(acme.people)) expect(text).not.toContain(wallet.address);
    expect(await api.nobody.request('{ viewer { user { id } } }')).toEqual({ viewer: null });
    expect(await api.nobody.errorCode('{ chains { id } }')).toBe('UNAUTHENTICATED');
  });

  it('tells strangers they have no permissions, and members theirs', async () => {
    const document = 'query ($id: ID!) { viewer { permissions(organizationId: $id) } }';
    const permissions = async (client: TestClient) =>
      (await client.request<{ viewer: { permissions: string[] } }>(document, { id: acme.id })).viewer
        .permissions;
    expect(await permissions(mallory.client)).toEqual([]);
    expect(await permissions(reader.client)).toEqual(['READ']);
    expect(await permissions(person(acme, 'bob').client)).toEqual([
      'READ',
      'PAYOUTS_PAUSE',
      'APPROVAL_DECIDE',
    ]);
  });

  it('shows a person’s e-mail address to that person alone', async () => {
    const bob = person(acme, 'bob');
    await api.database
      .updateTable('appUser')
      .set({ email: 'bob@example.com' })
      .where('id', '=', bob.userId)
      .execute();
    const document = 'query ($id: ID!) { node(id: $id) { ... on User { email } } }';
    const id = nodeId('User', bob.userId);
    expect(await bob.client.request(document, { id })).toEqual({ node: { email: 'bob@example.com' } });
    expect(await reader.client.request(document, { id })).toEqual({ node: { email: null } });
  });

  it('shows a transaction that two organizations share to both, and what is one’s own to that one', async () => {
    const theirs = await other.account('Theirs');
    const transferId = await theirs.receive(3n);
    await api.database
      .updateTable('transfer')
      .set({ transactionId: uuids.ChainTransaction })
      .where('id', '=', transferId)
      .execute();
    await api.database
      .updateTable('chainTransaction')
      .set({ rawTransaction: Buffer.from('00', 'hex'), broadcastCount: 4, sender: '0x', nonce: 1n })
      .where('id', '=', uuids.ChainTransaction)
      .execute();
    const document = 'query ($id: ID!) { node(id: $id) { ... on ChainTransaction { hash broadcastCount } } }';
    const id = nodeId('ChainTransaction', uuids.ChainTransaction);
    const hash = expect.stringMatching(/^0x/);
    expect(await reader.client.request(document, { id })).toEqual({ node: { hash, broadcastCount: 4 } });
    expect(await mallory.client.request(document, { id })).toEqual({ node: { hash, broadcastCount: null } });
  });
});
