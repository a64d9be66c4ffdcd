import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../kit/api.ts';
import type { TestClient } from '../kit/client.ts';
import { nodeId, type Seed, type SeededOrganization, seedWorld } from '../kit/seed.ts';

let api: TestApi;
let seed: Seed;
let acme: SeededOrganization;
let alice: TestClient;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
  acme = await seed.organization('Acme', { alice: ['PROPOSER', 'APPROVER'] });
  const found = acme.people.alice;
  if (found === undefined) throw new Error('no alice');
  alice = found.client;
});
afterAll(() => api.close());

const CHALLENGE =
  'mutation ($input: SessionChallengeCreateInput!) { sessionChallengeCreate(input: $input) { message } }';
const ADDRESS = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const GRANT =
  'mutation ($input: ApprovalGrantInput!) { approvalGrant(input: $input) { userErrors { code } } }';
const grant = (signature: object) => ({ input: { approvalId: 'x', signerId: 'x', signature } });

describe('values that are not what the schema asks for', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['an unknown input field', CHALLENGE, { input: { address: ADDRESS, chainId: 1, nonsense: 1 } }],
    ['a missing input field', CHALLENGE, { input: { address: ADDRESS } }],
    ['a missing variable', CHALLENGE, {}],
    ['a number for an address', CHALLENGE, { input: { address: 7, chainId: 1 } }],
    ['a text for a number', CHALLENGE, { input: { address: ADDRESS, chainId: 'one' } }],
    ['bad hexadecimal digits', GRANT, grant({ wallet: '0xzz' })],
    ['none of a oneOf', GRANT, grant({})],
    ['null in a oneOf', GRANT, grant({ wallet: null })],
    ['more than one of a oneOf', GRANT, grant({ wallet: '0x', passkey: {} })],
    [
      'an unknown enum value',
      `query ($status: [PayoutBatchStatus!]) { organization(id: "x") {
      payoutBatches(status: $status) { edges { cursor } } } }`,
      { status: ['NONE'] },
    ],
  ])('%s', async (_what, document, variables) => {
    const { errors } = await alice.send(document, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    const stream = alice.subscribe(document, variables);
    const first = await stream.next().catch((error: unknown) => error);
    expect(JSON.stringify(first)).toContain('BAD_USER_INPUT');
    await stream.return();
  });

  it('have their own codes while no value is looked at', async () => {
    expect(await alice.errorCode('{ nonsense }')).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await alice.errorCode('{')).toBe('GRAPHQL_PARSE_FAILED');
  });
});

describe('arguments that no list can be asked by', () => {
  const codeOf = (field: string) =>
    alice.errorCode(`query ($id: ID!) { organization(id: $id) { ${field} { edges { cursor } } } }`, {
      id: acme.id,
    });

  it.each(['accounts', 'payouts', 'payoutBatches', 'events'])('of a page: %s', async (list) => {
    expect(await codeOf(`${list}(first: -1)`)).toBe('BAD_USER_INPUT');
    expect(await codeOf(`${list}(last: -1)`)).toBe('BAD_USER_INPUT');
    expect(await codeOf(`${list}(first: 1, last: 1)`)).toBe('BAD_USER_INPUT');
    expect(await codeOf(`${list}(first: 101)`)).toBe('LIMIT_EXCEEDED');
    expect(await codeOf(`${list}(after: "x")`)).toBe('CURSOR_INVALID');
  });

  it('of payouts', async () => {
    const account = await acme.account();
    const batch = await account.batch(2);
    const FROM =
      'query ($id: ID!, $from: Int) { payoutBatch(id: $id) { payouts(fromIndex: $from) { edges { cursor } } } }';
    expect(await alice.errorCode(FROM, { id: batch.id, from: -1 })).toBe('BAD_USER_INPUT');
    expect(await alice.request(FROM, { id: batch.id, from: 1 })).toMatchObject({
      payoutBatch: { payouts: { edges: [{}] } },
    });
    for (const recipient of ['nonsense', '', `${ADDRESS}0`]) {
      expect(await codeOf(`payouts(recipient: "${recipient}")`)).toBe('BAD_USER_INPUT');
    }
    await expect(
      alice.request(
        `{ organization(id: "${acme.id}") { payouts(recipient: "${ADDRESS.toLowerCase()}") { edges { cursor } } } }`,
      ),
    ).resolves.toEqual({ organization: { payouts: { edges: [] } } });
  });
});

describe('ids that are not found', () => {
  type Fault = { code: string; message: string; path: string[] | null };
  const account = (accountId: string) => ({
    accountId,
    assetId: nodeId('Asset', seed.usdcUuid),
    title: 'x',
    payouts: [{ recipient: ADDRESS, amount: '1' }],
    idempotencyKey: 'x',
  });

  it.each<[string, string, string, (id: string) => object]>([
    [
      'approvalGrant',
      'approval',
      'approvalId',
      (id) => ({ approvalId: id, signerId: 'x', signature: { wallet: '0x' } }),
    ],
    ['approvalReject', 'approval', 'approvalId', (id) => ({ approvalId: id, signerId: 'x', reason: 'x' })],
    ['payoutBatchSubmit', 'payout batch', 'payoutBatchId', (id) => ({ payoutBatchId: id })],
    ['payoutBatchCancel', 'payout batch', 'payoutBatchId', (id) => ({ payoutBatchId: id })],
    [
      'payoutBatchRetryFailed',
      'payout batch',
      'payoutBatchId',
      (id) => ({ payoutBatchId: id, idempotencyKey: 'x' }),
    ],
    ['payoutBatchCreate', 'account', 'accountId', account],
    [
      'accountOpen',
      'organization',
      'organizationId',
      (id) => ({
        organizationId: id,
        chainId: nodeId('Chain', seed.chainUuid),
        name: 'x',
        approverSignerIds: [],
        threshold: 1,
        idempotencyKey: 'x',
      }),
    ],
  ])('%s says so in the same words at the same path', async (name, what, field, input) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const NOWHERE = '01990000-0000-7000-8000-000000000000';
    const node = `${what === 'payout batch' ? 'PayoutBatch' : what.charAt(0).toUpperCase() + what.slice(1)}`;
    for (const id of [
      'nonsense',
      acme.id.slice(1),
      Buffer.from(`${node}:${NOWHERE}`).toString('base64url'),
    ]) {
      const answer = await alice.request<Record<string, { userErrors: Fault[] }>>(
        `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code message path } } }`,
        { input: input(id) },
      );
      expect(answer[name]?.userErrors).toEqual([
        { code: 'NOT_FOUND', message: `The ${what} was not found.`, path: ['input', field] },
      ]);
    }
  });
});
