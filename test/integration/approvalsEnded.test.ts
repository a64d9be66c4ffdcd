import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import { replaceApproval } from '../../transitions/approvalQueue.ts';
import type { SeededAccount } from '../kit/seed.ts';
import { ApprovalsKit } from './approvalsKit.ts';

// What is rejected or cancelled. Each test has an account, and so a queue of nonces, of its own.

let kit: ApprovalsKit;
let account: SeededAccount;
beforeAll(async () => {
  kit = await ApprovalsKit.start();
});
afterAll(() => kit?.api.close());

describe('rejecting', () => {
  beforeAll(async () => {
    account = await kit.acme.account('Rejecting');
  });

  it('ends a batch when the threshold is out of reach; the last that waits for signatures takes its nonce', async () => {
    const batches = [await account.batch(), await account.batch(), await account.batch()] as const;
    const [refused, , last] = batches;
    const [first, second, third] = [await refused.submit(), await batches[1].submit(), await last.submit()];
    await kit.grant('alice', third);

    expect(await kit.reject('bob', first)).toMatchObject({ approval: { status: 'PENDING' } });
    expect(await kit.batchStatus(refused)).toBe('PENDING_APPROVAL');
    expect(await kit.reject('carol', first)).toMatchObject({ approval: { status: 'REJECTED' } });
    expect(await kit.batchStatus(refused)).toBe('REJECTED');

    expect((await kit.approvalRow(second)).status).toBe('PENDING');
    const stale = await kit.approvalRow(third);
    expect(stale.status).toBe('STALE');
    const replacement = await kit.approvalRow(stale.replacedById ?? '');
    expect(replacement).toMatchObject({ status: 'PENDING', safeNonce: 0n, batchId: last.uuid });
    expect(replacement.digest).not.toBe(stale.digest);
    expect(await kit.reject('bob', first)).toMatchObject({
      approval: { status: 'REJECTED' },
      eventCursor: null,
    });
  });

  it('never moves what has all its signatures: they would stay valid behind a cancellation', async () => {
    const queue = await kit.acme.account('Signed');
    const [refused, signed] = [await queue.batch(), await queue.batch()];
    const [first, second] = [await refused.submit(), await signed.submit()];
    await kit.grant('alice', second);
    await kit.grant('bob', second);
    await kit.reject('bob', first);
    await kit.reject('carol', first);
    expect(await kit.approvalRow(second)).toMatchObject({ status: 'APPROVED', safeNonce: 1n });
    // The gap is the next request's.
    const next = await queue.batch();
    expect(await kit.approvalRow(await next.submit())).toMatchObject({ safeNonce: 0n });
    expect(await kit.cancel(signed)).toMatchObject({ payoutBatch: { status: 'CANCELLING' } });
  });

  it('counts signatures again when a batch comes back to a nonce that it had', async () => {
    const queue = await kit.acme.account('Back again');
    const [refused, moved] = [await queue.batch(), await queue.batch()];
    const [first, second] = [await refused.submit(), await moved.submit()];
    await kit.grant('alice', second);
    await kit.reject('bob', first);
    await kit.reject('carol', first);
    const lower = await kit.approvalRow((await kit.approvalRow(second)).replacedById ?? '');
    expect(lower).toMatchObject({ safeNonce: 0n, status: 'PENDING' });
    // Nonce 0 is used in another Safe tool: the batch goes back to nonce 1, to the very same bytes.
    const { approval: back } = await kit.api.database.transaction().execute(async (database) => {
      const work: UnitOfWork = { database, record: () => {}, enqueue: async () => {} };
      return { approval: await replaceApproval(work, lower, 1n) };
    });
    expect(back.digest).toBe((await kit.approvalRow(second)).digest);
    expect(await kit.grant('alice', back.id)).toMatchObject({ eventCursor: null });
    expect(await kit.grant('bob', back.id)).toMatchObject({ approval: { status: 'APPROVED' } });
  });

  it('lets a verdict stand', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    await kit.grant('alice', uuid);
    expect(await kit.reject('alice', uuid)).toMatchObject({ userErrors: [{ code: 'ALREADY_GRANTED' }] });
    await kit.reject('bob', uuid);
    expect(await kit.grant('bob', uuid)).toMatchObject({ userErrors: [{ code: 'ALREADY_REJECTED' }] });
  });

  it('comes too late once enough have signed', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    await kit.grant('alice', uuid);
    await kit.grant('bob', uuid);
    expect(await kit.reject('carol', uuid)).toMatchObject({ userErrors: [{ code: 'THRESHOLD_REACHED' }] });
  });
});

describe('cancelling', () => {
  beforeAll(async () => {
    account = await kit.acme.account('Cancelling');
  });

  it('ends a draft, and what awaits approval', async () => {
    const draft = await account.batch();
    expect(await kit.cancel(draft)).toMatchObject({ payoutBatch: { status: 'CANCELLED' } });
    expect(await kit.cancel(draft)).toMatchObject({
      payoutBatch: { status: 'CANCELLED' },
      eventCursor: null,
    });
    expect(
      await kit.mutate('payoutBatchSubmit', kit.person('alice'), { payoutBatchId: draft.id }),
    ).toMatchObject({
      userErrors: [{ code: 'BATCH_CANCELLED' }],
    });
    const pending = await account.batch();
    const uuid = await pending.submit();
    await kit.grant('alice', uuid);
    expect(await kit.cancel(pending)).toMatchObject({ payoutBatch: { status: 'CANCELLED' } });
    expect((await kit.approvalRow(uuid)).status).toBe('CANCELLED');
    expect(await kit.grant('bob', uuid)).toMatchObject({ userErrors: [{ code: 'APPROVAL_NOT_OPEN' }] });
  });

  it('cannot take signatures back: what is signed is CANCELLING, and keeps its nonce', async () => {
    const signed = await account.batch();
    const uuid = await signed.submit();
    await kit.grant('alice', uuid);
    await kit.grant('bob', uuid);
    expect(await kit.cancel(signed)).toMatchObject({ payoutBatch: { status: 'CANCELLING' } });
    expect((await kit.approvalRow(uuid)).status).toBe('APPROVED');
    const next = await account.batch();
    const nextApproval = await kit.approvalRow(await next.submit());
    expect(nextApproval.safeNonce).toBe((await kit.approvalRow(uuid)).safeNonce + 1n);
  });
});
