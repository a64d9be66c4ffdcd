import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import { replaceApproval } from '../../transitions/approvalQueue.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import {
  nodeId,
  type SeededAccount,
  type SeededBatch,
  type SeededOrganization,
  type SeededPerson,
  seedWorld,
} from '../kit/seed.ts';

// Two of three must sign. Each test has an account, and so a queue of nonces, of its own.
let api: TestApi;
let acme: SeededOrganization;
let account: SeededAccount;
beforeAll(async () => {
  api = await startTestApi();
  const seed = await seedWorld(api);
  acme = await seed.organization('Acme', {
    alice: ['PROPOSER', 'APPROVER'],
    bob: ['APPROVER'],
    carol: ['APPROVER'],
  });
});
afterAll(() => api.close());

function person(name: string): SeededPerson {
  const found = acme.people[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

type Payload = {
  approval: { status: string } | null;
  payoutBatch: { status: string } | null;
  eventCursor: string | null;
  userErrors: { code: string }[];
};

async function mutate(name: string, actor: SeededPerson, input: Record<string, unknown>): Promise<Payload> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const object = name.startsWith('approval') ? 'approval' : 'payoutBatch';
  const answer = await actor.client.request<Record<string, Payload>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${object} { status } eventCursor userErrors { code } } }`,
    { input },
  );
  return answer[name] as Payload;
}

async function grant(name: string, approvalUuid: string, signature?: Hex): Promise<Payload> {
  const { signerId, wallet } = person(name);
  const { digest } = await approvalRow(approvalUuid);
  return mutate('approvalGrant', person(name), {
    approvalId: nodeId('Approval', approvalUuid),
    signerId: nodeId('Signer', signerId),
    signature: { wallet: signature ?? (await wallet.sign({ hash: digest as Hex })) },
  });
}

function reject(name: string, approvalUuid: string): Promise<Payload> {
  return mutate('approvalReject', person(name), {
    approvalId: nodeId('Approval', approvalUuid),
    signerId: nodeId('Signer', person(name).signerId),
    reason: 'not this month',
  });
}

function cancel(batch: SeededBatch): Promise<Payload> {
  return mutate('payoutBatchCancel', person('alice'), { payoutBatchId: batch.id });
}

function approvalRow(uuid: string) {
  return api.database.selectFrom('approval').selectAll().where('id', '=', uuid).executeTakeFirstOrThrow();
}

async function batchStatus(batch: SeededBatch): Promise<string> {
  const row = await api.database
    .selectFrom('payoutBatch')
    .select('status')
    .where('id', '=', batch.uuid)
    .executeTakeFirstOrThrow();
  return row.status;
}

async function eventsOf(subjectUuid: string): Promise<string[]> {
  const rows = await api.database
    .selectFrom('event')
    .select('type')
    .where('subjectId', '=', subjectUuid)
    .orderBy('number')
    .execute();
  return rows.map(({ type }) => type);
}

describe('submitting', () => {
  beforeAll(async () => {
    account = await acme.account('Submitting');
  });

  it('gives each batch the next nonce, and says who waits for whom', async () => {
    const [first, second] = [await account.batch(), await account.batch()];
    const uuids = [await first.submit(), await second.submit()];
    const rows = await Promise.all(uuids.map(approvalRow));
    expect(rows.map(({ safeNonce }) => safeNonce)).toEqual([0n, 1n]);
    const { approval } = await person('bob').client.request<{ approval: { waitsFor: { id: string } } }>(
      'query ($id: ID!) { approval(id: $id) { waitsFor { id } } }',
      { id: nodeId('Approval', uuids[1] ?? '') },
    );
    expect(approval.waitsFor.id).toBe(nodeId('Approval', uuids[0] ?? ''));
  });

  it('changes nothing the second time', async () => {
    const batch = await account.batch();
    await batch.submit();
    const again = await mutate('payoutBatchSubmit', person('alice'), { payoutBatchId: batch.id });
    expect(again).toMatchObject({
      payoutBatch: { status: 'PENDING_APPROVAL' },
      eventCursor: null,
      userErrors: [],
    });
    expect(await eventsOf(batch.uuid)).toEqual(['PAYOUT_BATCH_CREATED', 'PAYOUT_BATCH_STATUS_CHANGED']);
  });

  it('submits once when asked ten times at once', async () => {
    const batch = await account.batch();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        mutate('payoutBatchSubmit', person('alice'), { payoutBatchId: batch.id }),
      ),
    );
    expect(answers.filter(({ eventCursor }) => eventCursor !== null)).toHaveLength(1);
    const { approvals } = await api.database
      .selectFrom('approval')
      .select((eb) => eb.fn.countAll<bigint>().as('approvals'))
      .where('batchId', '=', batch.uuid)
      .executeTakeFirstOrThrow();
    expect(approvals).toBe(1n);
  });

  it.each([
    [{ openWindowSeconds: 59 }, 'OPEN_WINDOW_OUT_OF_RANGE'],
    [{ openWindowSeconds: 90 * 86_400 + 1 }, 'OPEN_WINDOW_OUT_OF_RANGE'],
    [{ closeDelaySeconds: -1 }, 'CLOSE_DELAY_OUT_OF_RANGE'],
  ])('refuses deadlines out of range: %o', async (deadlines, code) => {
    const batch = await account.batch();
    const answer = await mutate('payoutBatchSubmit', person('alice'), {
      payoutBatchId: batch.id,
      ...deadlines,
    });
    expect(answer.userErrors).toMatchObject([{ code }]);
    expect(await batchStatus(batch)).toBe('DRAFT');
  });

  it('is not for an approver without the role', async () => {
    const batch = await account.batch();
    const code = await person('bob').client.errorCode(
      'mutation ($id: ID!) { payoutBatchSubmit(input: { payoutBatchId: $id }) { payoutBatch { id } } }',
      { id: batch.id },
    );
    expect(code).toBe('FORBIDDEN');
  });
});

describe('granting', () => {
  beforeAll(async () => {
    account = await acme.account('Granting');
  });

  it('approves at the threshold and starts the payout engine', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    expect(await grant('alice', uuid)).toMatchObject({ approval: { status: 'PENDING' }, userErrors: [] });
    expect(await batchStatus(batch)).toBe('PENDING_APPROVAL');
    expect(await grant('bob', uuid)).toMatchObject({ approval: { status: 'APPROVED' }, userErrors: [] });
    expect(await batchStatus(batch)).toBe('APPROVED');
    expect(await eventsOf(uuid)).toEqual([
      'APPROVAL_REQUESTED',
      'APPROVAL_DECIDED',
      'APPROVAL_DECIDED',
      'APPROVAL_STATUS_CHANGED',
    ]);
  });

  it('changes nothing the second time', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    await grant('alice', uuid);
    expect(await grant('alice', uuid)).toMatchObject({ approval: { status: 'PENDING' }, eventCursor: null });
    expect(await eventsOf(uuid)).toEqual(['APPROVAL_REQUESTED', 'APPROVAL_DECIDED']);
  });

  it('reaches the threshold once when all sign at once', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    await Promise.all(['alice', 'bob', 'carol'].map((name) => grant(name, uuid)));
    const events = await eventsOf(uuid);
    expect(events.filter((type) => type === 'APPROVAL_DECIDED')).toHaveLength(3);
    expect(events.filter((type) => type === 'APPROVAL_STATUS_CHANGED')).toHaveLength(1);
  });

  it('refuses what is not this signer’s signature over this digest', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    const { digest } = await approvalRow(uuid);
    const byBob = await person('bob').wallet.sign({ hash: digest as Hex });
    expect(await grant('alice', uuid, byBob)).toMatchObject({
      userErrors: [{ code: 'SIGNATURE_OF_ANOTHER_KEY' }],
    });
    const elsewhere = await person('alice').wallet.sign({ hash: `0x${'11'.repeat(32)}` });
    expect(await grant('alice', uuid, elsewhere)).toMatchObject({
      userErrors: [{ code: 'SIGNATURE_OF_ANOTHER_KEY' }],
    });
    // eth_sign: v + 4, over a prefixed message that a wallet shows as unreadable bytes.
    const ethSign = await person('alice').wallet.signMessage({ message: { raw: digest as Hex } });
    const marked =
      `${ethSign.slice(0, -2)}${(Number.parseInt(ethSign.slice(-2), 16) + 4).toString(16)}` as Hex;
    expect(await grant('alice', uuid, marked)).toMatchObject({ userErrors: [{ code: 'SIGNATURE_INVALID' }] });
    expect(await grant('alice', uuid, '0x1234')).toMatchObject({
      userErrors: [{ code: 'SIGNATURE_INVALID' }],
    });
    expect(await eventsOf(uuid)).toEqual(['APPROVAL_REQUESTED']);
  });

  it('takes no signer of somebody else, and none that owns nothing on chain', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    const input = {
      approvalId: nodeId('Approval', uuid),
      signerId: nodeId('Signer', person('bob').signerId),
      signature: { wallet: `0x${'00'.repeat(65)}` },
    };
    expect(await mutate('approvalGrant', person('alice'), input)).toMatchObject({
      userErrors: [{ code: 'SIGNER_NOT_FOUND' }],
    });
    await api.database
      .updateTable('account')
      .set({ owners: [person('alice').wallet.address, person('bob').wallet.address] })
      .where('id', '=', account.uuid)
      .execute();
    expect(await grant('carol', uuid)).toMatchObject({ userErrors: [{ code: 'SIGNER_NOT_OWNER' }] });
  });
});

describe('rejecting', () => {
  beforeAll(async () => {
    account = await acme.account('Rejecting');
  });

  it('ends a batch when the threshold is out of reach; the last that waits for signatures takes its nonce', async () => {
    const batches = [await account.batch(), await account.batch(), await account.batch()] as const;
    const [refused, , last] = batches;
    const [first, second, third] = [await refused.submit(), await batches[1].submit(), await last.submit()];
    await grant('alice', third);

    expect(await reject('bob', first)).toMatchObject({ approval: { status: 'PENDING' } });
    expect(await batchStatus(refused)).toBe('PENDING_APPROVAL');
    expect(await reject('carol', first)).toMatchObject({ approval: { status: 'REJECTED' } });
    expect(await batchStatus(refused)).toBe('REJECTED');

    expect((await approvalRow(second)).status).toBe('PENDING');
    const stale = await approvalRow(third);
    expect(stale.status).toBe('STALE');
    const replacement = await approvalRow(stale.replacedById ?? '');
    expect(replacement).toMatchObject({ status: 'PENDING', safeNonce: 0n, batchId: last.uuid });
    expect(replacement.digest).not.toBe(stale.digest);
    expect(await reject('bob', first)).toMatchObject({ approval: { status: 'REJECTED' }, eventCursor: null });
  });

  it('never moves what has all its signatures: they would stay valid behind a cancellation', async () => {
    const queue = await acme.account('Signed');
    const [refused, signed] = [await queue.batch(), await queue.batch()];
    const [first, second] = [await refused.submit(), await signed.submit()];
    await grant('alice', second);
    await grant('bob', second);
    await reject('bob', first);
    await reject('carol', first);
    expect(await approvalRow(second)).toMatchObject({ status: 'APPROVED', safeNonce: 1n });
    // The gap is the next request's.
    const next = await queue.batch();
    expect(await approvalRow(await next.submit())).toMatchObject({ safeNonce: 0n });
    expect(await cancel(signed)).toMatchObject({ payoutBatch: { status: 'CANCELLING' } });
  });

  it('counts signatures again when a batch comes back to a nonce that it had', async () => {
    const queue = await acme.account('Back again');
    const [refused, moved] = [await queue.batch(), await queue.batch()];
    const [first, second] = [await refused.submit(), await moved.submit()];
    await grant('alice', second);
    await reject('bob', first);
    await reject('carol', first);
    const lower = await approvalRow((await approvalRow(second)).replacedById ?? '');
    expect(lower).toMatchObject({ safeNonce: 0n, status: 'PENDING' });
    // Nonce 0 is used in another Safe tool: the batch goes back to nonce 1, to the very same bytes.
    const { approval: back } = await api.database.transaction().execute(async (database) => {
      const work: UnitOfWork = { database, record: () => {}, enqueue: async () => {} };
      return { approval: await replaceApproval(work, lower, 1n) };
    });
    expect(back.digest).toBe((await approvalRow(second)).digest);
    expect(await grant('alice', back.id)).toMatchObject({ eventCursor: null });
    expect(await grant('bob', back.id)).toMatchObject({ approval: { status: 'APPROVED' } });
  });

  it('lets a verdict stand', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    await grant('alice', uuid);
    expect(await reject('alice', uuid)).toMatchObject({ userErrors: [{ code: 'ALREADY_GRANTED' }] });
    await reject('bob', uuid);
    expect(await grant('bob', uuid)).toMatchObject({ userErrors: [{ code: 'ALREADY_REJECTED' }] });
  });

  it('comes too late once enough have signed', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    await grant('alice', uuid);
    await grant('bob', uuid);
    expect(await reject('carol', uuid)).toMatchObject({ userErrors: [{ code: 'THRESHOLD_REACHED' }] });
  });
});

describe('cancelling', () => {
  beforeAll(async () => {
    account = await acme.account('Cancelling');
  });

  it('ends a draft, and what awaits approval', async () => {
    const draft = await account.batch();
    expect(await cancel(draft)).toMatchObject({ payoutBatch: { status: 'CANCELLED' } });
    expect(await cancel(draft)).toMatchObject({ payoutBatch: { status: 'CANCELLED' }, eventCursor: null });
    expect(await mutate('payoutBatchSubmit', person('alice'), { payoutBatchId: draft.id })).toMatchObject({
      userErrors: [{ code: 'BATCH_CANCELLED' }],
    });
    const pending = await account.batch();
    const uuid = await pending.submit();
    await grant('alice', uuid);
    expect(await cancel(pending)).toMatchObject({ payoutBatch: { status: 'CANCELLED' } });
    expect((await approvalRow(uuid)).status).toBe('CANCELLED');
    expect(await grant('bob', uuid)).toMatchObject({ userErrors: [{ code: 'APPROVAL_NOT_OPEN' }] });
  });

  it('cannot take signatures back: what is signed is CANCELLING, and keeps its nonce', async () => {
    const signed = await account.batch();
    const uuid = await signed.submit();
    await grant('alice', uuid);
    await grant('bob', uuid);
    expect(await cancel(signed)).toMatchObject({ payoutBatch: { status: 'CANCELLING' } });
    expect((await approvalRow(uuid)).status).toBe('APPROVED');
    const next = await account.batch();
    const nextApproval = await approvalRow(await next.submit());
    expect(nextApproval.safeNonce).toBe((await approvalRow(uuid)).safeNonce + 1n);
  });
});
