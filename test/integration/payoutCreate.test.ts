import { assertEnumType } from 'graphql';
import type { Hex } from 'viem';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schema } from '../../schema/schema.ts';
import { newKey } from '../kit/api.ts';
import { nodeId, randomAddress } from '../kit/seed.ts';
import { addPayee, foundOrganization, openWorld, type World } from './payeesSeed.ts';

// One payment in one request: a batch of one row, submitted.

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.api.close());
beforeEach(async () => {
  Object.assign(world, await foundOrganization(world.seed));
  await world.treasury.hold(1_000_000_000n);
});

type Answer = {
  payout: {
    id: string;
    recipient: string;
    amount: { amount: string };
    payee: { name: string } | null;
  } | null;
  payoutBatch: {
    id: string;
    title: string;
    status: string;
    payoutCount: number;
    approvals: { edges: { node: { id: string; status: string; kind: string } }[] };
  } | null;
  warnings: { code: string; path: string[] }[];
  replayed: boolean;
  eventCursor: string | null;
  userErrors: { code: string; path: string[] | null; message: string }[];
};

const DOCUMENT = `mutation ($input: PayoutCreateInput!) { payoutCreate(input: $input) {
  payout { id recipient amount { amount } memo reference status payee { name } }
  payoutBatch { id title status payoutCount approvals { edges { node { id status kind } } } }
  warnings { code path } replayed eventCursor userErrors { code path message } } }`;

function inputOf(input: object = {}) {
  return {
    accountId: world.treasury.id,
    assetId: nodeId('Asset', world.seed.usdcUuid),
    recipient: randomAddress(),
    amount: '12.5',
    idempotencyKey: newKey(),
    ...input,
  };
}

async function pay(input: object = {}): Promise<Answer> {
  const { payoutCreate } = await world.petra.client.request<{ payoutCreate: Answer }>(DOCUMENT, {
    input: inputOf(input),
  });
  return payoutCreate;
}

const payeeNodeId = (uuid: string) => nodeId('Payee', uuid);
const codes = ({ userErrors }: Answer) => userErrors.map(({ code, path }) => `${code} ${path?.join('.')}`);

async function batchCount(): Promise<number> {
  const rows = world.api.database.selectFrom('payoutBatch').select('id');
  return (await rows.where('organizationId', '=', world.acme.uuid).execute()).length;
}

it('makes a batch of one row and asks for its approval, in one entry of work', async () => {
  const recipient = randomAddress();
  const made = await pay({ recipient, memo: 'Invoice 7', reference: 'INV-7' });
  expect(made).toMatchObject({
    payout: {
      recipient,
      amount: { amount: '12.500000' },
      memo: 'Invoice 7',
      reference: 'INV-7',
      status: 'PENDING',
    },
    payoutBatch: {
      title: `Payment to ${recipient.slice(0, 8)}…${recipient.slice(-6)}`,
      status: 'PENDING_APPROVAL',
      payoutCount: 1,
    },
    replayed: false,
    userErrors: [],
  });
  expect(made.payoutBatch?.approvals.edges).toMatchObject([
    { node: { status: 'PENDING', kind: 'PAYOUT_OPEN' } },
  ]);
  expect(made.eventCursor).not.toBeNull();
});

it('is approved like every batch: its signatures make it APPROVED', async () => {
  const { payoutBatch } = await pay();
  const approvalId = payoutBatch?.approvals.edges[0]?.node.id ?? '';
  const { signingRequest } = (
    await world.petra.client.request<{ approval: { signingRequest: { digest: Hex } } }>(
      'query ($id: ID!) { approval(id: $id) { signingRequest { digest } } }',
      { id: approvalId },
    )
  ).approval;
  const { wallet, signerId } = world.petra;
  const { approvalGrant } = await world.petra.client.request<{ approvalGrant: object }>(
    `mutation ($input: ApprovalGrantInput!) { approvalGrant(input: $input) {
      approval { status } userErrors { code } } }`,
    {
      input: {
        approvalId,
        signerId: nodeId('Signer', signerId),
        signature: { wallet: await wallet.sign({ hash: signingRequest.digest }) },
      },
    },
  );
  expect(approvalGrant).toMatchObject({
    approval: { status: 'APPROVED' },
    userErrors: [],
  });
  const { payoutBatch: now } = await world.petra.client.request<{ payoutBatch: { status: string } }>(
    'query ($id: ID!) { payoutBatch(id: $id) { status } }',
    { id: payoutBatch?.id },
  );
  expect(now.status).toBe('APPROVED');
});

it('answers a replay with what it made, and does the work of two at once one time', async () => {
  const input = inputOf();
  const answers = await Promise.all(Array.from({ length: 5 }, () => pay(input)));
  expect(new Set(answers.map(({ payout }) => payout?.id)).size).toBe(1);
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(await pay(input)).toMatchObject({ replayed: true, eventCursor: null, warnings: [] });
  expect(codes(await pay({ ...input, amount: '12.6' }))).toEqual([
    'IDEMPOTENCY_KEY_REUSED input.idempotencyKey',
  ]);
  expect(await batchCount()).toBe(1);
});

describe('a payee', () => {
  it('is paid at their address, and named', async () => {
    const address = randomAddress();
    const payeeId = payeeNodeId(await addPayee(world, 'EMP-1', { assetId: world.seed.usdcUuid, address }));
    const made = await pay({ recipient: null, payeeId, title: 'March' });
    expect(made.userErrors).toEqual([]);
    expect(made.payout).toMatchObject({ recipient: address, payee: { name: expect.any(String) } });
    expect(made.payoutBatch?.title).toBe('March');
    expect((await pay({ recipient: null, payeeId })).payoutBatch?.title).toBe(
      `Payment to ${made.payout?.payee?.name}`,
    );
  });

  it('who shares an address with another is the one who was named', async () => {
    const address = randomAddress();
    await addPayee(world, 'EMP-1', { assetId: world.seed.usdcUuid, address });
    const second = await addPayee(world, 'EMP-2', { assetId: world.seed.usdcUuid, address });
    const made = await pay({ recipient: null, payeeId: payeeNodeId(second) });
    expect(made.warnings.map(({ code }) => code)).not.toContain('PAYEE_AMBIGUOUS');
    const row = await world.api.database
      .selectFrom('payout')
      .select('payeeId')
      .where('organizationId', '=', world.acme.uuid)
      .executeTakeFirstOrThrow();
    expect(row.payeeId).toBe(second);
  });

  it('who is paid in several parts, or in another asset, is not paid so', async () => {
    const half = { assetId: world.seed.usdcUuid, share: '0.5' };
    const split = await addPayee(world, 'EMP-1', half, { ...half, address: randomAddress() });
    const other = await addPayee(world, 'EMP-2', { assetId: world.euroId });
    expect(codes(await pay({ recipient: null, payeeId: payeeNodeId(split) }))).toEqual([
      'PAYEE_SPLIT input.payeeId',
    ]);
    expect(codes(await pay({ recipient: null, payeeId: payeeNodeId(other) }))).toEqual([
      'PAYEE_OTHER_ASSET input.payeeId',
    ]);
    expect(await batchCount()).toBe(0);
  });

  it('of another organization, or archived, is not found', async () => {
    const theirs = { ...world, ...(await foundOrganization(world.seed)) };
    const stranger = await addPayee(theirs, 'EMP-1', { assetId: world.seed.usdcUuid });
    const archived = await addPayee(world, 'EMP-2', { assetId: world.seed.usdcUuid });
    await world.petra.client.request(
      'mutation ($id: ID!) { payeeArchive(input: { payeeId: $id }) { userErrors { code } } }',
      { id: payeeNodeId(archived) },
    );
    for (const id of [payeeNodeId(stranger), payeeNodeId(archived), 'nonsense']) {
      expect(codes(await pay({ recipient: null, payeeId: id }))).toEqual(['PAYEE_NOT_FOUND input.payeeId']);
    }
  });
});

it.each([
  ['neither recipient nor payee', { recipient: null }, ['RECIPIENT_OR_PAYEE input.recipient']],
  ['a bad address', { recipient: '0x12' }, ['ADDRESS_MALFORMED input.recipient']],
  ['an empty address', { recipient: '' }, ['FIELD_MISSING input.recipient']],
  [
    'a bad amount and a bad key',
    { amount: '1e3', idempotencyKey: ' ' },
    ['IDEMPOTENCY_KEY_INVALID input.idempotencyKey', 'AMOUNT_NOT_A_NUMBER input.amount'],
  ],
  ['an amount of nothing', { amount: '0' }, ['AMOUNT_ZERO input.amount']],
  ['a blank title', { title: ' ' }, ['TITLE_INVALID input.title']],
  ['a title turned around', { title: 'a\u202eb' }, ['TITLE_INVALID input.title']],
] as const)('refuses %s, and writes nothing', async (_, input, expected) => {
  expect(codes(await pay(input))).toEqual(expected);
  expect(await batchCount()).toBe(0);
});

it('names no code that one payment cannot have', () => {
  const type = assertEnumType(schema.getType('PayoutCreateErrorCode'));
  const named = type.getValues().map(({ name }) => name);
  expect(named).toContain('MEMO_TOO_LONG');
  // They are of several rows, or of files.
  for (const code of ['REFERENCE_DUPLICATE', 'PAYEE_UNKNOWN', 'TOO_MANY_PARTS']) {
    expect(named).not.toContain(code);
  }
});

it('warns of a reference that was paid before', async () => {
  await pay({ reference: 'INV-7' });
  expect((await pay({ reference: 'INV-7' })).warnings).toMatchObject([
    { code: 'REFERENCE_PAID_BEFORE', path: ['input', 'reference'] },
  ]);
});

it('takes the account’s next nonces in the order of the requests that win', async () => {
  const made = await Promise.all(Array.from({ length: 4 }, () => pay()));
  expect(made.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  const nonces = await world.api.database
    .selectFrom('approval')
    .select('safeNonce')
    .where('organizationId', '=', world.acme.uuid)
    .execute();
  expect(nonces.map(({ safeNonce }) => safeNonce).sort()).toEqual([0n, 1n, 2n, 3n]);
});

it('needs the right to create and to submit', async () => {
  const answer = await world.acme.people.vera?.client.send(DOCUMENT, { input: inputOf() });
  expect(answer?.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(await batchCount()).toBe(0);
});

it('makes no payment from a Safe with faults, and leaves nothing behind', async () => {
  await world.api.database
    .insertInto('accountInspection')
    .values({
      accountId: world.treasury.uuid,
      organizationId: world.acme.uuid,
      singleton: randomAddress(),
      owners: [],
      modules: [],
      faults: JSON.stringify([{ code: 'MODULE_ENABLED', message: 'A module.' }]),
      blockNumber: 1n,
    })
    .execute();
  expect(codes(await pay())).toEqual(['ACCOUNT_UNSAFE undefined']);
  expect(await batchCount()).toBe(0);
});
