import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { required } from '../../core/errors.ts';
import { schema } from '../../schema/schema.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import type { TestClient } from '../kit/client.ts';
import { nodeId, randomAddress } from '../kit/seed.ts';
import { MUTATION_ATTEMPTS } from './apiTenancyAttempts.ts';
import { person, seedTenants, type Tenants } from './apiTenancySeed.ts';

// Every mutation and subscription against one organization, by nobody, by a stranger, and by one who may only read.

let api: TestApi;
let tenants: Tenants;
beforeAll(async () => {
  api = await startTestApi();
  tenants = await seedTenants(api);
});
afterAll(() => api.close());

/** What touches no organization that exists, or one whose secret the sender holds (membersInvite.test.ts). */
const UNBOUND = [
  'invitationAccept',
  'organizationCreate',
  'sessionChallengeCreate',
  'sessionCreate',
  'sessionDelete',
];

describe('mutations', () => {
  it('are all in this walk', () => {
    const names = Object.keys(schema.getMutationType()?.getFields() ?? {});
    expect(names.sort()).toEqual([...Object.keys(MUTATION_ATTEMPTS), ...UNBOUND].sort());
  });

  it.each(Object.entries(MUTATION_ATTEMPTS))(
    '%s changes nothing for those who may not',
    async (name, attempt) => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${attempt.select} userErrors { code } } }`;
      const send = (client: TestClient) => {
        const variables = { input: attempt.input(tenants) };
        return name === 'payoutBatchImport'
          ? client.upload(document, variables, 'input.file', { name: 'a.csv', text: 'recipient,amount\n' })
          : client.send(document, variables);
      };
      const before = await fingerprint();
      const stranger = await send(tenants.mallory.client);
      expect(stranger.errors).toEqual([]);
      expect(stranger.data).toMatchObject({ [name]: { userErrors: [{ code: 'NOT_FOUND' }] } });
      const read = await send(tenants.reader.client);
      expect(read.data?.[name] ?? null).toBeNull();
      expect(read.errors).toMatchObject([{ extensions: { code: attempt.reader } }]);
      const nobody = await send(api.nobody);
      expect(nobody.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      expect(await fingerprint()).toEqual(before);
    },
  );

  it.each(['organizationCreate', 'sessionDelete'])('%s needs a session', async (name) => {
    const input = name === 'sessionDelete' ? '{}' : '{ name: "X", members: [], idempotencyKey: "x" }';
    expect(await api.nobody.errorCode(`mutation { ${name}(input: ${input}) { userErrors { code } } }`)).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('keeps tenants’ idempotency keys apart', async () => {
    const theirs = await tenants.other.account('Keys');
    const recipient = randomAddress();
    const create = (client: TestClient, accountId: string) =>
      client.request<{
        payoutBatchCreate: { payoutBatch: { id: string }; replayed: boolean; userErrors: object[] };
      }>(
        `mutation ($input: PayoutBatchCreateInput!) {
          payoutBatchCreate(input: $input) { payoutBatch { id } replayed userErrors { code } } }`,
        {
          input: {
            accountId,
            assetId: nodeId('Asset', tenants.seed.usdcUuid),
            title: 'Same key',
            payouts: [{ recipient, amount: '1' }],
            idempotencyKey: 'the same key',
          },
        },
      );
    const ours = await create(person(tenants.acme, 'alice').client, tenants.account.id);
    const mine = await create(tenants.mallory.client, theirs.id);
    expect([ours.payoutBatchCreate, mine.payoutBatchCreate]).toMatchObject([
      { replayed: false },
      { replayed: false },
    ]);
    expect(ours.payoutBatchCreate.payoutBatch.id).not.toBe(mine.payoutBatchCreate.payoutBatch.id);
  });

  it('does not make a stranger’s key an approver of one’s own account', async () => {
    const { accountOpen } = await tenants.mallory.client.request<{ accountOpen: object }>(
      `mutation ($input: AccountOpenInput!) { accountOpen(input: $input) { account { id } userErrors { code path } } }`,
      {
        input: {
          ...MUTATION_ATTEMPTS.accountOpen?.input(tenants),
          organizationId: tenants.other.id,
          approverSignerIds: [
            nodeId('Signer', tenants.mallory.signerId),
            nodeId('Signer', tenants.uuids.Signer),
          ],
        },
      },
    );
    expect(accountOpen).toEqual({
      account: null,
      userErrors: [{ code: 'APPROVER_NOT_FOUND', path: ['input', 'approverSignerIds', '1'] }],
    });
  });
});

describe('subscriptions', () => {
  const STREAMS: Record<string, () => { document: string; variables: object; code?: string }> = {
    approvalUpdated: () => ({
      document: 'subscription ($id: ID!) { approvalUpdated(organizationId: $id) { kind } }',
      variables: { id: tenants.acme.id },
    }),
    chainHeadAdvanced: () => ({
      document: 'subscription ($id: ID!) { chainHeadAdvanced(chainId: $id) { name } }',
      variables: { id: nodeId('Chain', tenants.seed.chainUuid) },
      code: 'everybody',
    }),
    events: () => ({
      document:
        'subscription ($id: ID!, $after: EventCursor) { events(organizationId: $id, after: $after) { cursor } }',
      variables: { id: tenants.acme.id },
    }),
    payoutBatchUpdated: () => ({
      document: 'subscription ($id: ID!) { payoutBatchUpdated(payoutBatchId: $id) { kind } }',
      variables: { id: tenants.batch.id },
    }),
    transferUpdated: () => ({
      document: 'subscription ($id: ID!) { transferUpdated(accountId: $id) { kind } }',
      variables: { id: tenants.account.id },
    }),
  };

  it('are all in this walk', () => {
    const names = Object.keys(schema.getSubscriptionType()?.getFields() ?? {});
    expect(names.sort()).toEqual(Object.keys(STREAMS).sort());
  });

  it.each(Object.keys(STREAMS))('%s is for members', async (name) => {
    const stream = required(STREAMS[name], name)();
    const variables = { ...stream.variables, ...(name === 'events' ? { after: await logStart() } : {}) };
    const first = async (client: TestClient) => {
      const messages = client.subscribe(stream.document, variables);
      const { value } = await messages.next();
      await messages.return();
      return value ?? { data: null, errors: [] };
    };
    expect((await first(tenants.reader.client)).errors).toEqual([]);
    const stranger = await first(tenants.mallory.client);
    if (stream.code === 'everybody') expect(stranger.errors).toEqual([]);
    else expect(stranger.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect((await first(api.nobody)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  /** The position before Acme's first entry. */
  async function logStart(): Promise<string> {
    return Buffer.from(`e1:${tenants.acme.uuid.replaceAll('-', '')}:0`).toString('base64url');
  }
});

/** How many rows each table holds, and what their newest row is: enough to notice a write. */
async function fingerprint(): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: api.ownerUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
    );
    const found: Record<string, string> = {};
    for (const { name } of tables) {
      const { rows } = await client.query<{ hash: string }>(
        `select count(*) || md5(string_agg(md5(t::text), '' order by md5(t::text))) as hash from "${name}" t`,
      );
      found[name] = `${rows[0]?.hash}`;
    }
    return found;
  } finally {
    await client.end();
  }
}
