import { type GraphQLNamedType, getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { schema } from '../../schema/schema.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { seedWorld } from '../kit/seed.ts';
import { isPage, listFields, selectionOf } from '../kit/selection.ts';
import { addChains, type ListWorld, seedLists } from './apiStatementsSeed.ts';

// A list costs the same number of SQL statements for one row and for a hundred, with the objects around each row.

const FEW = 1;
const MANY = 100;
let api: TestApi;
let few: ListWorld;
let many: ListWorld;
beforeAll(async () => {
  api = await startTestApi();
  const seed = await seedWorld(api);
  few = await seedLists(api, seed, FEW);
  many = await seedLists(api, seed, MANY);
}, 900_000);
afterAll(() => api.close());

const root = (field: string) => `query ($${field}: ID!) { ${field}(id: $${field}) { LIST } }`;
const events = (type: string, name: string) =>
  `query ($organization: ID!) { organization(id: $organization) { events(types: [${type}]) {
    edges { node { ... on ${name} { LIST } } } } } }`;

/** Where each list stands in a document. */
const PLACES: Record<string, string> = {
  'Account.approvers': root('account'),
  'Account.balances': root('account'),
  'Account.payoutBatches': root('account'),
  'Account.transfers': root('account'),
  'Approval.decisions': root('approval'),
  'Chain.assets': 'query ($chain: ID!) { node(id: $chain) { ... on Chain { LIST } } }',
  'Organization.accounts': root('organization'),
  'Organization.approvals': root('organization'),
  'Organization.events': root('organization'),
  'Organization.invitations': root('organization'),
  'Organization.members': root('organization'),
  'Organization.payees': root('organization'),
  'Organization.payoutBatches': root('organization'),
  'Organization.payouts': root('organization'),
  'PayoutBatch.approvals': root('payoutBatch'),
  'PayoutBatch.payouts': root('payoutBatch'),
  'PayoutBatch.transactions': root('payoutBatch'),
  'PayoutBatch.warnings': root('payoutBatch'),
  'PayoutsChanged.changes': events('PAYOUTS_CHANGED', 'PayoutsChanged'),
  'PayoutsReorged.changes': events('PAYOUTS_REORGED', 'PayoutsReorged'),
  'Query.chains': '{ LIST }',
  'Query.nodes': 'query ($ids: [ID!]!) { LIST }',
  'User.signers': '{ viewer { user { LIST } } }',
  'Viewer.memberships': '{ viewer { LIST } }',
};
const ARGUMENTS: Record<string, string> = {
  'Organization.events': '(first: 100, types: [PAYOUT_BATCH_CREATED])',
  'Query.nodes': '(ids: $ids)',
};
// What a signature would do is told from bytes and rows; the test below counts its reads.
const FROM_BYTES = ['SigningIntent.lines', 'SigningIntent.warnings'];
// The same few rows for everybody, from no table.
const CONSTANT = ['Query.rolePermissions'];
// One row an account, and sums of a day; accountsApi.test.ts and payoutVolume.test.ts count their reads.
const OF_ACCOUNTS = ['SafeInspection.faults', 'AccountRefused.faults', 'AccountChanged.faults'];
OF_ACCOUNTS.push('Organization.payoutVolume');
// One a chain; pausesShown.test.ts counts its reads.
const OF_PAUSES = ['Organization.chainPauses'];
// At most ten each; the tests below ask for those of many payees.
const OF_PAYEES = ['Created', 'Updated', 'Archived'].map((change) => `Payee${change}.destinations`);
OF_PAYEES.push('Payee.destinations');

it('knows every list that a query can reach', () => {
  expect(
    [...Object.keys(PLACES), ...FROM_BYTES, ...CONSTANT, ...OF_ACCOUNTS, ...OF_PAUSES, ...OF_PAYEES].sort(),
  ).toEqual(listFields(schema, 'Query'));
});

it.each(Object.keys(PLACES))('%s costs as many statements for one row as for many', async (path) => {
  const small = await measure(path, few);
  if (path === 'Query.chains') await addChains(api, MANY);
  const large = await measure(path, many);
  expect(small.rows).toBeGreaterThanOrEqual(1);
  expect(small.rows).toBeLessThan(10);
  // Accounts have at most 50 approvers.
  expect(large.rows).toBeGreaterThanOrEqual(50);
  expect(large.statements.length, large.statements.join('\n')).toBe(small.statements.length);
  expect(small.statements.length).toBeGreaterThan(1);
});

it.each([
  [
    'payees',
    'payees(first: 100) { edges { node { destinations { chain { name } asset { symbol } share } } } }',
  ],
  [
    'events',
    'events(first: 100, types: [PAYEE_CREATED]) { edges { node { ... on PayeeCreated { destinations { chain { name } asset { symbol } } changedBy { __typename } payee { name } } } } }',
  ],
])('reads the destinations of many %s as cheaply as of one', async (_, selection) => {
  const destinations = ({ viewer, ids }: ListWorld) =>
    api.countStatements(() =>
      viewer.client.request(`query ($id: ID!) { organization(id: $id) { ${selection} } }`, {
        id: ids.organization,
      }),
    );
  const [small, large] = [await destinations(few), await destinations(many)];
  expect(large.statements.length).toBe(small.statements.length);
  expect(JSON.stringify(large.value).match(/"symbol"/g)).toHaveLength(MANY);
});

it('reads the largest payouts of many batches as cheaply as of one', async () => {
  const largest = ({ viewer, ids }: ListWorld) =>
    api.countStatements(() =>
      viewer.client.request(
        `query ($id: ID!) { organization(id: $id) {
          payoutBatches(first: 100) { edges { node { largestPayout { index amount { units } } } } } } }`,
        { id: ids.organization },
      ),
    );
  const [small, large] = [await largest(few), await largest(many)];
  expect(large.statements.length).toBe(small.statements.length);
  expect(JSON.stringify(large.value).match(/"index"/g)).toHaveLength(MANY);
});

it('reads the network fees of many batches as cheaply as of one', async () => {
  const chains = await api.database.selectFrom('chain').select('id').execute();
  const fee = { baseFeePerGas: 7n, maxPriorityFeePerGas: 1n, dataFeeUnitsPerByte: 3n };
  await api.database
    .insertInto('chainFee')
    .values(chains.map(({ id }) => ({ chainId: id, ...fee, observedAt: new Date() })))
    .execute();
  const fees = ({ viewer, ids }: ListWorld) =>
    api.countStatements(() =>
      viewer.client.request(
        `query ($id: ID!) { organization(id: $id) {
          payoutBatches(first: 100) { edges { node {
            networkFee { units asset { symbol } } estimatedNetworkFee { amount asset { symbol } } } } } } }`,
        { id: ids.organization },
      ),
    );
  const [small, large] = [await fees(few), await fees(many)];
  expect(large.statements.length).toBe(small.statements.length);
  expect(JSON.stringify(large.value).match(/"units"/g)).toHaveLength(MANY);
  expect(JSON.stringify(large.value).match(/"amount"/g)).toHaveLength(MANY);
});

it('reads what is under way of many pauses as cheaply as of one', async () => {
  const pauses = async ({ viewer, ids }: ListWorld) => {
    const batches = await api.database
      .selectFrom('payoutBatch')
      .innerJoin('membership', 'membership.organizationId', 'payoutBatch.organizationId')
      .where('membership.userId', '=', viewer.userId)
      .select(['payoutBatch.id as batchId', 'payoutBatch.organizationId'])
      .execute();
    const pause = { scope: 'PAYOUT_BATCH', reason: 'x', pausedByUserId: viewer.userId } as const;
    await api.database
      .insertInto('payoutPause')
      .values(batches.map((batch) => ({ ...batch, ...pause })))
      .execute();
    return api.countStatements(() =>
      viewer.client.request(
        `query ($id: ID!) { organization(id: $id) {
          payoutBatches(first: 100) { edges { node { pause { underWay { payoutCount transactionCount } } } } } } }`,
        { id: ids.organization },
      ),
    );
  };
  const [small, large] = [await pauses(few), await pauses(many)];
  expect(large.statements.length).toBe(small.statements.length);
  expect(JSON.stringify(large.value).match(/"underWay"/g)).toHaveLength(MANY);
});

it('reads the intents of many approvals as cheaply as of one', async () => {
  const intents = ({ viewer, ids }: ListWorld) =>
    api.countStatements(() =>
      viewer.client.request(
        `query ($id: ID!) { organization(id: $id) {
          approvals(first: 50) { edges { node { intent { summary warnings { code } } signingRequest { digest } } } } } }`,
        { id: ids.organization },
      ),
    );
  const [small, large] = [await intents(few), await intents(many)];
  expect(large.statements.length).toBe(small.statements.length);
  expect(JSON.stringify(large.value).match(/"intent"/g)).toHaveLength(50);
});

async function measure(path: string, world: ListWorld) {
  const [typeName = '', fieldName = ''] = path.split('.');
  const field = fieldOf(schema.getType(typeName), fieldName);
  const page = isPage(field);
  const row = selectionOf(schema, page ? nodeOf(field.type) : getNamedType(field.type), {
    depth: 2,
    lists: false,
    without: ['Approval.intent', 'Approval.signingRequest'],
  });
  const list = page
    ? `${fieldName}${ARGUMENTS[path] ?? '(first: 100)'} { edges { node ${row} } }`
    : `${fieldName}${ARGUMENTS[path] ?? ''} ${row}`;
  const document = `${PLACES[path]}`.replace('LIST', list);
  const { value, statements } = await api.countStatements(() =>
    world.viewer.client.request(document, { ...world.ids, ids: world.nodeIds }),
  );
  return { statements, rows: countRows(value, fieldName) };
}

function fieldOf(type: GraphQLNamedType | undefined, name: string) {
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  if (field === undefined) throw new Error(`There is no field ${type?.name}.${name}.`);
  return field;
}

/** The type of a connection's entries. */
function nodeOf(connection: Parameters<typeof getNamedType>[0]): GraphQLNamedType {
  const edge = getNamedType(fieldOf(getNamedType(connection), 'edges').type);
  return getNamedType(fieldOf(edge, 'node').type);
}

/** The length of the first list called so, wherever it stands in the answer. */
function countRows(value: unknown, name: string): number | null {
  if (value === null || typeof value !== 'object') return null;
  const found = (value as Record<string, unknown>)[name];
  if (Array.isArray(found)) return found.length;
  if (typeof found === 'object' && found !== null && 'edges' in found)
    return (found.edges as unknown[]).length;
  for (const inner of Object.values(value)) {
    const count = countRows(inner, name);
    if (count !== null) return count;
  }
  return null;
}
