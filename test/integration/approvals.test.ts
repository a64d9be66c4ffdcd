import type { Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeId, type SeededAccount } from '../kit/seed.ts';
import { ApprovalsKit } from './approvalsKit.ts';

// What is submitted and signed. Each test has an account, and so a queue of nonces, of its own.

let kit: ApprovalsKit;
let account: SeededAccount;
beforeAll(async () => {
  kit = await ApprovalsKit.start();
});
afterAll(() => kit?.api.close());

describe('submitting', () => {
  beforeAll(async () => {
    account = await kit.acme.account('Submitting');
  });

  it('gives each batch the next nonce, and says who waits for whom', async () => {
    const [first, second] = [await account.batch(), await account.batch()];
    const uuids = [await first.submit(), await second.submit()];
    const rows = await Promise.all(uuids.map((uuid) => kit.approvalRow(uuid)));
    expect(rows.map(({ safeNonce }) => safeNonce)).toEqual([0n, 1n]);
    const { approval } = await kit
      .person('bob')
      .client.request<{ approval: { waitsFor: { id: string } } }>(
        'query ($id: ID!) { approval(id: $id) { waitsFor { id } } }',
        { id: nodeId('Approval', uuids[1] ?? '') },
      );
    expect(approval.waitsFor.id).toBe(nodeId('Approval', uuids[0] ?? ''));
  });

  it('changes nothing the second time', async () => {
    const batch = await account.batch();
    await batch.submit();
    const again = await kit.mutate('payoutBatchSubmit', kit.person('alice'), { payoutBatchId: batch.id });
    expect(again).toMatchObject({
      payoutBatch: { status: 'PENDING_APPROVAL' },
      eventCursor: null,
      userErrors: [],
    });
    expect(await kit.eventsOf(batch.uuid)).toEqual(['PAYOUT_BATCH_CREATED', 'PAYOUT_BATCH_STATUS_CHANGED']);
  });

  it('submits once when asked ten times at once', async () => {
    const batch = await account.batch();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        kit.mutate('payoutBatchSubmit', kit.person('alice'), { payoutBatchId: batch.id }),
      ),
    );
    expect(answers.filter(({ eventCursor }) => eventCursor !== null)).toHaveLength(1);
    const { approvals } = await kit.api.database
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
    const answer = await kit.mutate('payoutBatchSubmit', kit.person('alice'), {
      payoutBatchId: batch.id,
      ...deadlines,
    });
    expect(answer.userErrors).toMatchObject([{ code }]);
    expect(await kit.batchStatus(batch)).toBe('DRAFT');
  });

  it('is not for an approver without the role', async () => {
    const batch = await account.batch();
    const code = await kit
      .person('bob')
      .client.errorCode(
        'mutation ($id: ID!) { payoutBatchSubmit(input: { payoutBatchId: $id }) { payoutBatch { id } } }',
        { id: batch.id },
      );
    expect(code).toBe('FORBIDDEN');
  });
});

describe('granting', () => {
  beforeAll(async () => {
    account = await kit.acme.account('Granting');
  });

  it('approves at the threshold and starts the payout engine', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    expect(await kit.grant('alice', uuid)).toMatchObject({ approval: { status: 'PENDING' }, userErrors: [] });
    expect(await kit.batchStatus(batch)).toBe('PENDING_APPROVAL');
    expect(await kit.grant('bob', uuid)).toMatchObject({ approval: { status: 'APPROVED' }, userErrors: [] });
    expect(await kit.batchStatus(batch)).toBe('APPROVED');
    expect(await kit.eventsOf(uuid)).toEqual([
      'APPROVAL_REQUESTED',
      'APPROVAL_DECIDED',
      'APPROVAL_DECIDED',
      'APPROVAL_STATUS_CHANGED',
    ]);
  });

  it('changes nothing the second time', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    await kit.grant('alice', uuid);
    expect(await kit.grant('alice', uuid)).toMatchObject({
      approval: { status: 'PENDING' },
      eventCursor: null,
    });
    expect(await kit.eventsOf(uuid)).toEqual(['APPROVAL_REQUESTED', 'APPROVAL_DECIDED']);
  });

  it('reaches the threshold once when all sign at once', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    await Promise.all(['alice', 'bob', 'carol'].map((name) => kit.grant(name, uuid)));
    const events = await kit.eventsOf(uuid);
    expect(events.filter((type) => type === 'APPROVAL_DECIDED')).toHaveLength(3);
    expect(events.filter((type) => type === 'APPROVAL_STATUS_CHANGED')).toHaveLength(1);
  });

  it('refuses what is not this signer’s signature over this digest', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    const { digest } = await kit.approvalRow(uuid);
    const byBob = await kit.person('bob').wallet.sign({ hash: digest as Hex });
    expect(await kit.grant('alice', uuid, byBob)).toMatchObject({
      userErrors: [{ code: 'SIGNATURE_OF_ANOTHER_KEY' }],
    });
    const elsewhere = await kit.person('alice').wallet.sign({ hash: `0x${'11'.repeat(32)}` });
    expect(await kit.grant('alice', uuid, elsewhere)).toMatchObject({
      userErrors: [{ code: 'SIGNATURE_OF_ANOTHER_KEY' }],
    });
    // eth_sign: v + 4, over a prefixed message that a wallet shows as unreadable bytes.
    const ethSign = await kit.person('alice').wallet.signMessage({ message: { raw: digest as Hex } });
    const marked =
      `${ethSign.slice(0, -2)}${(Number.parseInt(ethSign.slice(-2), 16) + 4).toString(16)}` as Hex;
    expect(await kit.grant('alice', uuid, marked)).toMatchObject({
      userErrors: [{ code: 'SIGNATURE_INVALID' }],
    });
    expect(await kit.grant('alice', uuid, '0x1234')).toMatchObject({
      userErrors: [{ code: 'SIGNATURE_INVALID' }],
    });
    expect(await kit.eventsOf(uuid)).toEqual(['APPROVAL_REQUESTED']);
  });

  it('takes no signer of somebody else, and none that owns nothing on chain', async () => {
    const batch = await account.batch();
    const uuid = await batch.submit();
    const input = {
      approvalId: nodeId('Approval', uuid),
      signerId: nodeId('Signer', kit.person('bob').signerId),
      signature: { wallet: `0x${'00'.repeat(65)}` },
    };
    expect(await kit.mutate('approvalGrant', kit.person('alice'), input)).toMatchObject({
      userErrors: [{ code: 'SIGNER_NOT_FOUND' }],
    });
    await kit.api.database
      .updateTable('account')
      .set({ owners: [kit.person('alice').wallet.address, kit.person('bob').wallet.address] })
      .where('id', '=', account.uuid)
      .execute();
    expect(await kit.grant('carol', uuid)).toMatchObject({ userErrors: [{ code: 'SIGNER_NOT_OWNER' }] });
  });
});
