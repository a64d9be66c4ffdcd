import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlockerCode } from '../../payouts/blocker.ts';
import { MAX_PAYOUTS_DECODED_PER_REQUEST } from '../../resolvers/approval/loadSigningIntents.ts';
import { BLOCKER_CODES } from '../../schema/payoutBatch/blocker.ts';
import { schema } from '../../schema/schema.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import type { TestClient } from '../kit/client.ts';
import { nodeId, type SeededAccount, type SeededOrganization, seedWorld } from '../kit/seed.ts';

let api: TestApi;
let acme: SeededOrganization;
let account: SeededAccount;
let alice: TestClient;
beforeAll(async () => {
  api = await startTestApi();
  const seed = await seedWorld(api);
  acme = await seed.organization('Acme', {
    alice: ['PROPOSER', 'APPROVER'],
    bob: ['APPROVER'],
    carol: ['APPROVER'],
  });
  account = await acme.account();
  alice = client('alice');
});
afterAll(() => api.close());

function client(name: string): TestClient {
  const found = acme.people[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found.client;
}

type Node = Record<string, unknown>;
type Page = { edges: { node: Node }[] };

describe('what an account holds and owes', () => {
  it('sets aside what waits for approval or is approved, and only that', async () => {
    const till = await acme.account('Till');
    await till.hold(10_000_000n);
    await till.batch(1, 'Draft');
    const first = await till.batch(2, 'First');
    await first.submit();
    const BALANCES = `{ account(id: "${till.id}") { balances { edges { node {
      total { amount units asset { symbol } } reserved { amount } available { amount } asOfBlock } } } } }`;
    const [balance] = (await alice.request<{ account: { balances: Page } }>(BALANCES)).account.balances.edges;
    expect(balance?.node).toEqual({
      total: { amount: '10.000000', units: '10000000', asset: { symbol: 'USDC' } },
      reserved: { amount: '4.000000' },
      available: { amount: '6.000000' },
      asOfBlock: '100',
    });
  });
});

describe('approvals', () => {
  const FIELDS = `id status threshold viewerCanDecide waitsFor { id } expiresAt
    decisions { verdict signerAddress user { displayName } }
    subject { ... on PayoutBatch { title blocker { code } } } requestedBy { ... on User { displayName } }
    intent { summary warnings { code } } signingRequest { digest typedData }`;

  it('say who can decide, what comes first, and what signing does', async () => {
    const vault = await acme.account('Vault');
    await vault.hold(10_000_000n);
    const [first, second] = [await vault.batch(2, 'One'), await vault.batch(1, 'Two')];
    const [firstId, secondId] = [await first.submit(), await second.submit()].map((uuid) =>
      nodeId('Approval', uuid),
    );
    const bob = acme.people.bob;
    if (bob === undefined) throw new Error('no bob');
    await first.grant(bob);
    const read = async (name: string, id: string | undefined) =>
      (
        await client(name).request<{ approval: Node }>(
          `query ($id: ID!) { approval(id: $id) { ${FIELDS} } }`,
          { id },
        )
      ).approval;
    expect(await read('alice', firstId)).toMatchObject({
      status: 'PENDING',
      threshold: 2,
      viewerCanDecide: true,
      waitsFor: null,
      decisions: [{ verdict: 'GRANTED', signerAddress: bob.wallet.address, user: { displayName: 'bob' } }],
      subject: { title: 'One', blocker: null },
      requestedBy: { displayName: 'alice' },
      intent: { summary: expect.stringContaining('4'), warnings: [] },
      signingRequest: { typedData: { primaryType: 'SafeTx', message: { nonce: '0', operation: 1 } } },
    });
    expect(await read('bob', firstId)).toMatchObject({ viewerCanDecide: false });
    expect(await read('bob', secondId)).toMatchObject({
      viewerCanDecide: true,
      waitsFor: { id: firstId },
      subject: { title: 'Two', blocker: { code: 'WAITS_FOR_NONCE' } },
    });
    const awaiting = async (name: string) =>
      (
        await client(name).request<{ organization: { approvals: Page } }>(
          'query ($id: ID!) { organization(id: $id) { approvals(awaitingViewer: true) { edges { node { id } } } } }',
          { id: acme.id },
        )
      ).organization.approvals.edges.map(({ node }) => node.id);
    expect(await awaiting('alice')).toEqual(expect.arrayContaining([secondId, firstId]));
    expect(await awaiting('bob')).toContain(secondId);
    expect(await awaiting('bob')).not.toContain(firstId);
  });

  it('of a batch that the account cannot pay say so while approvers are asked', async () => {
    const vault = await acme.account('Short');
    await vault.hold(5_000_000n);
    const [first, second] = [await vault.batch(2, 'Paid'), await vault.batch(2, 'Short')];
    const blockerOf = async (id: string) =>
      (
        await alice.request<{ payoutBatch: { blocker: { code: BlockerCode; message: string } | null } }>(
          'query ($id: ID!) { payoutBatch(id: $id) { blocker { code message } } }',
          { id },
        )
      ).payoutBatch.blocker;
    await first.submit();
    expect(await blockerOf(second.id)).toBeNull();
    await second.submit();
    expect(await blockerOf(first.id)).toBeNull();
    // Four of the five go to the first: three of the second’s four are missing.
    expect(await blockerOf(second.id)).toEqual({
      code: 'NOT_FUNDED',
      message: 'The account lacks 3.000000 USDC for this batch and those before it.',
    });
    const hold = (units: bigint) =>
      api.database.updateTable('accountBalance').set({ units }).where('accountId', '=', vault.uuid).execute();
    await hold(8_000_000n);
    expect(await blockerOf(second.id)).toMatchObject({ code: 'WAITS_FOR_NONCE' });
    await hold(3_999_999n);
    expect(await blockerOf(first.id)).toMatchObject({ message: expect.stringContaining('0.000001 USDC') });
  });

  it('have blockers whose every code the schema explains', () => {
    const explained: Record<BlockerCode, string> = BLOCKER_CODES;
    const blocker = schema.getType('Blocker');
    const description = isObjectType(blocker) ? blocker.getFields().code?.description : undefined;
    for (const [code, meaning] of Object.entries(explained))
      expect(description).toContain(`${code}: ${meaning}.`);
  });

  it('show bytes that do not fit their rows as unknown', async () => {
    const vault = await acme.account('Tampered');
    const batch = await vault.batch(3, 'Tampered');
    const id = nodeId('Approval', await batch.submit());
    const { packedRows } = await api.database
      .selectFrom('payoutChunk')
      .select('packedRows')
      .where('batchId', '=', batch.uuid)
      .executeTakeFirstOrThrow();
    packedRows[0] = (packedRows[0] ?? 0) ^ 1;
    await api.database
      .updateTable('payoutChunk')
      .set({ packedRows })
      .where('batchId', '=', batch.uuid)
      .execute();
    const { approval } = await alice.request<{ approval: Node }>(
      'query ($id: ID!) { approval(id: $id) { intent { summary lines { label } warnings { code message } } } }',
      { id },
    );
    expect(approval.intent).toMatchObject({ summary: expect.stringContaining('Do not sign'), lines: [] });
    expect(approval.intent).toMatchObject({
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'UNKNOWN_REQUEST' })]),
    });
  });

  it('are decoded once each, and so many payouts of them for one request', async () => {
    const vault = await acme.account('Large');
    const ids: string[] = [];
    for (const title of ['Large', 'Larger']) {
      const batch = await vault.batch(1, title);
      ids.push(nodeId('Approval', await batch.submit()));
      // As large as the limit allows one to be, and a half of it more than two can be.
      const count = (MAX_PAYOUTS_DECODED_PER_REQUEST * 3) / 4;
      await api.database
        .updateTable('payoutBatch')
        .set({ payoutCount: count, pendingCount: count })
        .where('id', '=', batch.uuid)
        .execute();
    }
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Approval { intent { summary } } } }';
    const [first, second] = ids;
    const { nodes } = await alice.request<{ nodes: Node[] }>(query, { ids: Array(20).fill(first) });
    expect(nodes).toHaveLength(20);
    expect(new Set(nodes.map((node) => JSON.stringify(node.intent))).size).toBe(1);
    expect((await alice.send(query, { ids: [second] })).errors).toEqual([]);
    const { errors } = await alice.send(query, { ids });
    expect(errors[0]).toMatchObject({
      extensions: { code: 'LIMIT_EXCEEDED', limit: 'MAX_PAYOUTS_DECODED_PER_REQUEST' },
    });
  });
});

describe('the event cursor', () => {
  it('is read before everything else of the operation', async () => {
    const { statements } = await api.countStatements(() =>
      alice.request(
        'query ($id: ID!, $account: ID!) { account(id: $account) { name } organization(id: $id) { eventCursor } }',
        {
          id: acme.id,
          account: account.id,
        },
      ),
    );
    const cursor = statements.findIndex((text) => text.includes('event_log_head'));
    const others = statements.findIndex(
      (text) => text.includes('from "account"') || text.includes('from "organization"'),
    );
    expect(cursor).toBeGreaterThanOrEqual(0);
    expect(cursor).toBeLessThan(others);
  });
});
