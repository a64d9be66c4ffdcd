import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { newKey, startTestApi, type TestApi } from '../kit/api.ts';
import type { TestClient } from '../kit/client.ts';
import { nodeId, randomAddress, type Seed, type SeededOrganization, seedWorld } from '../kit/seed.ts';

// The address book over the public API: what a payee may be, who hears of it, and how it is found again.

let api: TestApi;
let seed: Seed;
let acme: SeededOrganization;
let petra: TestClient;
let usdc: string;

beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
  usdc = nodeId('Asset', seed.usdcUuid);
});
afterAll(() => api.close());
beforeEach(async () => {
  acme = await seed.organization('Acme', { petra: ['PROPOSER'], vera: ['VIEWER'] });
  petra = required(acme.people.petra, 'petra').client;
});

type Outcome = {
  payee: {
    id: string;
    name: string;
    reference: string;
    archivedAt: string | null;
    destinations: { address: string; share: string }[];
  } | null;
  replayed?: boolean;
  eventCursor: string | null;
  userErrors: { code: string; path: string[] | null; message: string }[];
};

const PAYEE = 'id name reference archivedAt destinations { address share chain { name } asset { symbol } }';

async function mutate(name: string, input: object, client = petra): Promise<Outcome> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const replayed = name === 'payeeCreate' ? 'replayed' : '';
  const answer = await client.request<Record<string, Outcome>>(
    `mutation ($input: ${type}!) {
      ${name}(input: $input) { payee { ${PAYEE} } ${replayed} eventCursor userErrors { code path message } } }`,
    { input },
  );
  return required(answer[name], name);
}

function payee(change: object = {}) {
  return {
    organizationId: acme.id,
    name: 'Paula Payee',
    reference: 'EMP-7',
    destinations: [{ assetId: usdc, address: randomAddress(), share: '1' }],
    idempotencyKey: newKey(),
    ...change,
  };
}

/** Destinations in USDC with these shares. */
function shared(...shares: string[]) {
  return shares.map((share) => ({ assetId: usdc, address: randomAddress(), share }));
}

async function listed(filter: string): Promise<string[]> {
  const { organization } = await petra.request<{
    organization: { payees: { edges: { node: { name: string } }[] } };
  }>(`query ($id: ID!) { organization(id: $id) { payees${filter} { edges { node { name } } } } }`, {
    id: acme.id,
  });
  return organization.payees.edges.map(({ node }) => node.name);
}

describe('a payee', () => {
  test('is written with its destinations in their order, once a key', async () => {
    const input = payee({ reference: '  EMP-7 ', destinations: shared('0.333334', '0.333333', '.333333') });
    const made = await mutate('payeeCreate', input);
    expect(made).toMatchObject({
      payee: {
        name: 'Paula Payee',
        reference: 'EMP-7',
        archivedAt: null,
        destinations: input.destinations.map(({ address, share }) => ({
          address,
          share: share.padStart(8, '0'),
          chain: { name: 'Test chain' },
          asset: { symbol: 'USDC' },
        })),
      },
      replayed: false,
      userErrors: [],
    });
    expect(await mutate('payeeCreate', input)).toEqual({ ...made, replayed: true, eventCursor: null });
    expect((await mutate('payeeCreate', { ...input, name: 'Other' })).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
  });

  test('has a reference of its own, whatever its case, until it is archived', async () => {
    const { payee: first } = await mutate('payeeCreate', payee());
    const again = { code: 'REFERENCE_TAKEN', path: ['input', 'reference'] };
    expect((await mutate('payeeCreate', payee({ reference: ' emp-7' }))).userErrors).toMatchObject([again]);
    const { payee: second } = await mutate('payeeCreate', payee({ reference: 'EMP-8' }));
    const renamed = { payeeId: second?.id, reference: 'emp-7' };
    expect((await mutate('payeeUpdate', renamed)).userErrors).toMatchObject([again]);
    await mutate('payeeArchive', { payeeId: first?.id });
    expect((await mutate('payeeUpdate', renamed)).payee).toMatchObject({ reference: 'emp-7' });
  });

  test('two who take one reference at once: one is refused', async () => {
    const outcomes = await Promise.all([mutate('payeeCreate', payee()), mutate('payeeCreate', payee())]);
    expect(outcomes.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual([
      'REFERENCE_TAKEN',
    ]);
    expect(await listed('')).toHaveLength(1);
  });

  test('is changed as far as was asked, and what changes nothing tells nothing', async () => {
    const made = await mutate('payeeCreate', payee());
    const payeeId = made.payee?.id;
    expect(await mutate('payeeUpdate', { payeeId, name: 'Paula Payee' })).toMatchObject({
      eventCursor: null,
    });
    const moved = await mutate('payeeUpdate', { payeeId, destinations: shared('0.5', '0.5') });
    expect(moved).toMatchObject({ payee: { name: 'Paula Payee' }, eventCursor: expect.any(String) });
    expect(moved.payee?.destinations).toHaveLength(2);
    const archived = await mutate('payeeArchive', { payeeId });
    expect(archived.payee?.archivedAt).not.toBeNull();
    expect(await mutate('payeeArchive', { payeeId })).toEqual({ ...archived, eventCursor: null });
    expect((await mutate('payeeUpdate', { payeeId, name: 'Late' })).userErrors).toMatchObject([
      { code: 'PAYEE_ARCHIVED', path: ['input', 'payeeId'] },
    ]);
  });

  test('each change is told with what it became and who did it', async () => {
    const { payee: made } = await mutate('payeeCreate', payee());
    const [before = ''] = made?.destinations.map(({ address }) => address) ?? [];
    const [moved] = shared('1');
    await mutate('payeeUpdate', { payeeId: made?.id, destinations: [moved] });
    await mutate('payeeArchive', { payeeId: made?.id });
    const { organization } = await petra.request<{ organization: { events: { edges: { node: object }[] } } }>(
      `query ($id: ID!) { organization(id: $id) { events(first: 10) { edges { node {
        type subject { id } ... on PayeeEvent {
          name reference destinations { address } changedBy { ... on User { displayName } } payee { id } } } } } } }`,
      { id: acme.id },
    );
    const entry = (type: string, address: string) => ({
      type,
      subject: { id: made?.id },
      payee: { id: made?.id },
      name: 'Paula Payee',
      reference: 'EMP-7',
      destinations: [{ address }],
      changedBy: { displayName: 'petra' },
    });
    const told = organization.events.edges.map(({ node }) => node);
    expect(told.filter((node) => 'payee' in node)).toEqual([
      entry('PAYEE_CREATED', before),
      entry('PAYEE_UPDATED', `${moved?.address}`),
      entry('PAYEE_ARCHIVED', `${moved?.address}`),
    ]);
  });
});

describe('what is refused', () => {
  const at = (index: number, field: string) => ['input', 'destinations', `${index}`, field];

  test('every fault is told at once, by its path', async () => {
    const bad = payee({
      name: ' ',
      reference: 'two\nlines',
      destinations: [
        { assetId: usdc, address: 'nobody', share: '0.1234567' },
        { assetId: nodeId('Asset', seed.nativeUuid), address: randomAddress(), share: '0' },
        { assetId: 'nonsense', address: randomAddress(), share: '1.000001' },
        { assetId: usdc, address: `0x${'0'.repeat(40)}`, share: '-0.5' },
      ],
      idempotencyKey: ' ',
    });
    const { payee: made, userErrors } = await mutate('payeeCreate', bad);
    expect(made).toBeNull();
    expect(userErrors.map(({ code, path }) => [code, path])).toEqual([
      ['NAME_INVALID', ['input', 'name']],
      ['REFERENCE_INVALID', ['input', 'reference']],
      ['SHARE_INVALID', at(0, 'share')],
      ['ADDRESS_MALFORMED', at(0, 'address')],
      ['ASSET_NATIVE', at(1, 'assetId')],
      ['SHARE_INVALID', at(1, 'share')],
      ['ASSET_NOT_FOUND', at(2, 'assetId')],
      ['SHARE_INVALID', at(2, 'share')],
      ['SHARE_INVALID', at(3, 'share')],
      ['RECIPIENT_ZERO', at(3, 'address')],
      ['IDEMPOTENCY_KEY_INVALID', ['input', 'idempotencyKey']],
    ]);
    expect(await listed('')).toEqual([]);
  });

  test.each<[string, () => object[]]>([
    ['SHARES_NOT_ONE', () => shared('0.333333', '0.333333', '0.333333')],
    ['SHARES_NOT_ONE', () => shared('1', '0.000001')],
    ['DESTINATIONS_MISSING', () => []],
    ['TOO_MANY_DESTINATIONS', () => shared(...Array.from({ length: 11 }, () => '0.1'))],
    [
      'DESTINATION_DUPLICATE',
      () => shared('0.5', '0.5').map((one, _, [first]) => ({ ...one, address: first?.address })),
    ],
  ])('%s', async (code, destinations) => {
    const { userErrors } = await mutate('payeeCreate', payee({ destinations: destinations() }));
    expect(userErrors).toMatchObject([{ code }]);
  });

  test('the database itself keeps no shares that do not add up', async () => {
    const { payee: made } = await mutate('payeeCreate', payee({ destinations: shared('0.5', '0.5') }));
    const first = api.database
      .deleteFrom('payeeDestination')
      .where('organizationId', '=', acme.uuid)
      .where('position', '=', 0);
    await expect(first.execute()).rejects.toThrow('add up to 500000 millionths');
    expect(made?.destinations).toHaveLength(2);
  });
});

describe('the list', () => {
  test('is by name in any case, pages without gaps, and finds parts of names and references', async () => {
    const names = ['bela', 'Anna', 'Čeněk', 'anna: b', '张伟', 'Zoë', 'ÅSA'];
    for (const [index, name] of names.entries()) {
      await mutate('payeeCreate', payee({ name, reference: `R%${index}` }));
    }
    const all = await listed('(first: 100)');
    expect(all.slice(0, 3)).toEqual(['Anna', 'anna: b', 'bela']);
    expect(all.toSorted()).toEqual(names.toSorted());
    const paged: string[] = [];
    for (let after: string | null = null; ; ) {
      const { organization }: { organization: { payees: Page } } = await petra.request(
        `query ($id: ID!, $after: String) { organization(id: $id) { payees(first: 2, after: $after) {
          edges { node { name } } pageInfo { hasNextPage endCursor } } } }`,
        { id: acme.id, after },
      );
      paged.push(...organization.payees.edges.map(({ node }) => node.name));
      if (!organization.payees.pageInfo.hasNextPage) break;
      after = organization.payees.pageInfo.endCursor;
    }
    expect(paged).toEqual(all);
    expect(await listed('(search: "ANNA")')).toEqual(['Anna', 'anna: b']);
    expect(await listed('(search: "r%4")')).toEqual(['张伟']);
    expect(await listed('(search: "%")')).toHaveLength(names.length);
    expect(await listed('(search: "åsa")')).toEqual(['ÅSA']);
    expect(await listed('(search: "nobody")')).toEqual([]);
  });

  test('leaves archived ones out, or shows them alone', async () => {
    const { payee: made } = await mutate('payeeCreate', payee());
    await mutate('payeeCreate', payee({ name: 'Still here', reference: 'EMP-9' }));
    await mutate('payeeArchive', { payeeId: made?.id });
    expect(await listed('')).toEqual(['Still here']);
    expect(await listed('(archived: true)')).toEqual(['Paula Payee']);
  });
});

type Page = {
  edges: { node: { name: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};
