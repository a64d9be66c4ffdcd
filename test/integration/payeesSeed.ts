import { expect } from 'vitest';
import { required } from '../../core/errors.ts';
import { decodeNodeId } from '../../core/ids.ts';
import { payeeCreate } from '../../resolvers/payee/payeeCreate.ts';
import { newKey, startTestApi, type TestApi } from '../kit/api.ts';
import {
  nodeId,
  randomAddress,
  type Seed,
  type SeededAccount,
  type SeededOrganization,
  type SeededPerson,
  seedWorld,
} from '../kit/seed.ts';

/** An API, tokens besides USDC, and an organization whose proposer imports files. */
export type World = {
  api: TestApi;
  seed: Seed;
  /** A token of six decimals. */
  euroId: string;
  /** A token of eighteen decimals. */
  dollarId: string;
  acme: SeededOrganization;
  petra: SeededPerson;
  treasury: SeededAccount;
};

export async function openWorld(): Promise<World> {
  const api = await startTestApi();
  const seed = await seedWorld(api);
  const euroId = await addAsset(api, seed, 'EURC', 6);
  const dollarId = await addAsset(api, seed, 'USDS', 18);
  return { api, seed, euroId, dollarId, ...(await foundOrganization(seed)) };
}

/** Another organization with an empty address book, and an account of its own. */
export async function foundOrganization(seed: Seed): Promise<Pick<World, 'acme' | 'petra' | 'treasury'>> {
  const acme = await seed.organization('Acme', { petra: ['PROPOSER', 'APPROVER'], vera: ['VIEWER'] });
  return { acme, petra: required(acme.people.petra, 'petra'), treasury: await acme.account() };
}

async function addAsset(api: TestApi, seed: Seed, symbol: string, decimals: number): Promise<string> {
  const address = randomAddress();
  const { id } = await api.database
    .insertInto('asset')
    .values({ chainId: seed.chainUuid, caip19: `token:${address}`, symbol, decimals, address })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

type Destination = { assetId: string; address: string; share: string };

export async function addPayee(
  { seed, acme, petra }: World,
  reference: string,
  ...destinations: Partial<Destination>[]
): Promise<string> {
  const { payeeId } = await payeeCreate(petra.context, {
    organizationId: acme.uuid,
    name: `Payee ${reference}`,
    reference,
    destinations: destinations.map((destination) => ({
      assetId: seed.usdcUuid,
      address: randomAddress(),
      share: '1',
      ...destination,
    })),
    idempotencyKey: newKey(),
  });
  return payeeId;
}

export type Payout = {
  index: number;
  recipient: string;
  amount: { amount: string };
  reference: string | null;
  isNewRecipient: boolean;
  payee: { reference: string } | null;
};
export type Batch = {
  id: string;
  account: { id: string };
  asset: { symbol: string };
  payoutCount: number;
  total: { amount: string };
  newRecipientCount: number;
  largestPayout: Payout;
  warningCount: number;
  warnings: { index: number; code: string; payout: { index: number; reference: string | null } }[];
  payouts: { edges: { node: Payout }[] };
};
export type Answer = {
  payoutBatch: Pick<Batch, 'id' | 'warnings'> | null;
  payoutBatches: Omit<Batch, 'warnings'>[];
  preview: {
    acceptedCount: number;
    total: { amount: string };
    newRecipientCount: number;
    payeeCount: number;
    parts: {
      account: { id: string };
      asset: { symbol: string };
      payoutCount: number;
      total: { amount: string };
    }[];
    rows: (Omit<Payout, 'index'> & { row: number })[];
  };
  issues: { row: number; column: string | null; code: string; severity: string; message: string }[];
  errorCount: number;
  replayed: boolean;
  eventCursor: string | null;
  userErrors: { code: string; path: string[] | null }[];
};

const PAYOUT = 'recipient amount { amount } reference isNewRecipient payee { reference }';
const WARNINGS = 'warnings { index code payout { index reference } }';
/** Of several batches: their warnings would be more than one operation may ask for. */
const BATCHES = `id account { id } asset { symbol } payoutCount total { amount } newRecipientCount
  largestPayout { index ${PAYOUT} } warningCount payouts(first: 100) { edges { node { index ${PAYOUT} } } }`;
export const BATCH = `${BATCHES} ${WARNINGS}`;
const IMPORT = `mutation ($input: PayoutBatchImportInput!) { payoutBatchImport(input: $input) {
  payoutBatch { id ${WARNINGS} } payoutBatches { ${BATCHES} }
  preview { acceptedCount total { amount } newRecipientCount payeeCount
    parts { account { id } asset { symbol } payoutCount total { amount } } rows { row ${PAYOUT} } }
  issues { row column code severity message } errorCount replayed eventCursor userErrors { code path } } }`;

/** Rows of recipient, amount and reference. */
export type Row = [recipient: string, amount: string, reference?: string];

export async function importRows(
  { seed, petra, treasury }: World,
  rows: readonly Row[],
  change: object = {},
): Promise<Answer> {
  const input = {
    accountId: treasury.id,
    assetId: nodeId('Asset', seed.usdcUuid),
    title: 'November',
    idempotencyKey: newKey(),
    file: null,
    ...change,
  };
  const lines = rows.map(([recipient, amount, reference = '']) => `${recipient},${amount},${reference}`);
  const text = ['recipient,amount,reference', ...lines].join('\n');
  const file = { name: 'payroll.csv', text };
  const answer = await petra.client.upload<{ payoutBatchImport: Answer }>(
    IMPORT,
    { input },
    'input.file',
    file,
  );
  expect(answer.errors).toEqual([]);
  return required(answer.data, 'An answer').payoutBatchImport;
}

export function payoutsOf(batch: Pick<Batch, 'payouts'> | undefined): Payout[] {
  return batch?.payouts.edges.map(({ node }) => node) ?? [];
}

export const split = (account: SeededAccount, assetId: string) => ({
  accountId: account.id,
  assetId: nodeId('Asset', assetId),
});

/** How many batches, payouts and events the organization has. */
export async function countRows({ api, acme }: World): Promise<number[]> {
  const count = async (table: 'payoutBatch' | 'payout' | 'event') => {
    const { total } = await api.database
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<bigint>().as('total'))
      .where('organizationId', '=', acme.uuid)
      .executeTakeFirstOrThrow();
    return Number(total);
  };
  return [await count('payoutBatch'), await count('payout'), await count('event')];
}

/** Imports a file as a batch that the chain has paid. */
export async function payRows(world: World, rows: readonly Row[]): Promise<void> {
  const done = await importRows(world, rows, { title: 'Paid' });
  await world.api.database
    .updateTable('payoutBatch')
    .set({ status: 'COMPLETED', finalCount: rows.length, pendingCount: 0, submittedAt: new Date() })
    .where('id', '=', decodeNodeId(done.payoutBatches[0]?.id ?? '').uuid)
    .execute();
}
