import type { Hex } from 'viem';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../kit/api.ts';
import {
  nodeId,
  randomAddress,
  type Seed,
  type SeededAccount,
  type SeededOrganization,
  type SeededPerson,
  seedWorld,
} from '../kit/seed.ts';
import { type Answer, accept, changeRoles, codesOf, invite, memberOf, mutate, update } from './membersKit.ts';

// Where an organization says so, whoever asks for a payout does not approve it.

let api: TestApi;
let seed: Seed;
let acme: SeededOrganization;
let account: SeededAccount;
let paula: SeededPerson;
let bob: SeededPerson;
let carol: SeededPerson;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
});
afterAll(() => api.close());
beforeEach(async () => {
  acme = await seed.organization('Acme', {
    // Makes every batch of the account, and is the organization’s OWNER.
    paula: ['PROPOSER', 'APPROVER'],
    bob: ['PROPOSER', 'APPROVER'],
    carol: ['APPROVER'],
  });
  [paula, bob, carol] = [memberOf(acme, 'paula'), memberOf(acme, 'bob'), memberOf(acme, 'carol')];
  account = await acme.account();
  await account.hold(100_000_000n);
});

type Decided = Answer<{ approval: { status: string } | null }>;

async function grant(by: SeededPerson, approvalId: string): Promise<Decided> {
  const { digest } = await api.database
    .selectFrom('approval')
    .select('digest')
    .where('id', '=', approvalId)
    .executeTakeFirstOrThrow();
  return mutate(by.client, 'approvalGrant', 'approval { status }', {
    approvalId: nodeId('Approval', approvalId),
    signerId: nodeId('Signer', by.signerId),
    signature: { wallet: await by.wallet.sign({ hash: digest as Hex }) },
  });
}

function reject(by: SeededPerson, approvalId: string): Promise<Decided> {
  return mutate(by.client, 'approvalReject', 'approval { status }', {
    approvalId: nodeId('Approval', approvalId),
    signerId: nodeId('Signer', by.signerId),
  });
}

async function canDecide(person: SeededPerson, approvalId: string): Promise<boolean[]> {
  const id = nodeId('Approval', approvalId);
  const { approval, organization } = await person.client.request<{
    approval: { viewerCanDecide: boolean };
    organization: { approvals: { edges: { node: { id: string } }[] } };
  }>(
    `query ($id: ID!, $organization: ID!) { approval(id: $id) { viewerCanDecide }
      organization(id: $organization) { approvals(awaitingViewer: true) { edges { node { id } } } } }`,
    { id, organization: acme.id },
  );
  return [approval.viewerCanDecide, organization.approvals.edges.some(({ node }) => node.id === id)];
}

describe('separated duties', () => {
  it('keep who made and submitted a batch from granting its approval, not from rejecting it', async () => {
    const [approvalId, another] = [
      await (await account.batch()).submit(),
      await (await account.batch(1, 'Another')).submit(),
    ];
    expect(await canDecide(paula, approvalId)).toEqual([true, true]);
    await update(paula, acme, { separatesDuties: true });
    expect(await canDecide(paula, approvalId)).toEqual([false, false]);
    expect(await canDecide(bob, approvalId)).toEqual([true, true]);
    expect(await grant(paula, approvalId)).toMatchObject({
      approval: null,
      userErrors: [{ code: 'DUTIES_SEPARATED', path: null }],
      eventCursor: null,
    });
    expect(codesOf(await grant(bob, approvalId))).toEqual([]);
    expect(await grant(carol, approvalId)).toMatchObject({ approval: { status: 'APPROVED' } });
    expect(codesOf(await reject(paula, another))).toEqual([]);
    expect(await reject(bob, another)).toMatchObject({ approval: { status: 'REJECTED' } });
  });

  it('keep whoever made it and whoever submitted it apart from its approval', async () => {
    await update(paula, acme, { separatesDuties: true });
    const batch = await account.batch();
    await mutate(bob.client, 'payoutBatchSubmit', 'payoutBatch { status }', { payoutBatchId: batch.id });
    const { id: approvalId } = await api.database
      .selectFrom('approval')
      .select('id')
      .where('batchId', '=', batch.uuid)
      .executeTakeFirstOrThrow();
    expect(codesOf(await grant(paula, approvalId))).toEqual(['DUTIES_SEPARATED']);
    expect(codesOf(await grant(bob, approvalId))).toEqual(['DUTIES_SEPARATED']);
    expect(codesOf(await grant(carol, approvalId))).toEqual([]);
  });

  it('leave what was signed before, and end when an OWNER says so', async () => {
    const approvalId = await (await account.batch()).submit();
    expect(codesOf(await grant(paula, approvalId))).toEqual([]);
    await update(paula, acme, { separatesDuties: true });
    expect(await grant(paula, approvalId)).toMatchObject({ userErrors: [], eventCursor: null });
    expect(await grant(bob, approvalId)).toMatchObject({ approval: { status: 'APPROVED' } });
    const another = await (await account.batch(1, 'Another')).submit();
    expect(codesOf(await grant(paula, another))).toEqual(['DUTIES_SEPARATED']);
    await update(paula, acme, { separatesDuties: false });
    expect(codesOf(await grant(paula, another))).toEqual([]);
  });

  it('keep whoever made or submitted any batch of a chain of retries apart from the last one', async () => {
    await update(paula, acme, { separatesDuties: true });
    const [first, second, third] = [await account.batch(), await account.batch(), await account.batch()];
    const approvals = [await first.submit(), await second.submit(), await third.submit()];
    const ask = async (index: number, batch: { uuid: string }, by: SeededPerson, of: string | null) => {
      await api.database
        .updateTable('payoutBatch')
        .set({ createdByUserId: by.userId, retryOfBatchId: of })
        .where('id', '=', batch.uuid)
        .execute();
      await api.database
        .updateTable('approval')
        .set({ requestedByUserId: by.userId })
        .where('id', '=', approvals[index] ?? '')
        .execute();
    };
    // Bob made the first, Paula the retry of its retry.
    await ask(0, first, bob, null);
    await ask(1, second, paula, first.uuid);
    await ask(2, third, paula, second.uuid);
    const last = approvals[2] ?? '';
    expect(await canDecide(bob, last)).toEqual([false, false]);
    expect(codesOf(await grant(bob, last))).toEqual(['DUTIES_SEPARATED']);
    expect(codesOf(await grant(carol, last))).toEqual([]);
    await ask(0, first, paula, null);
    expect(codesOf(await grant(bob, last))).toEqual([]);
  });

  it('keep who submitted the batch that failed from approving its retry', async () => {
    await update(paula, acme, { separatesDuties: true });
    const [failed, again] = [await account.batch(), await account.batch()];
    const [asked, retried] = [await failed.submit(), await again.submit()];
    await api.database
      .updateTable('approval')
      .set({ requestedByUserId: bob.userId })
      .where('id', '=', asked)
      .execute();
    await api.database
      .updateTable('payoutBatch')
      .set({ retryOfBatchId: failed.uuid })
      .where('id', '=', again.uuid)
      .execute();
    expect(codesOf(await grant(bob, retried))).toEqual(['DUTIES_SEPARATED']);
    expect(codesOf(await grant(carol, retried))).toEqual([]);
  });

  it('leave it to an OWNER to say who approves, by invitation and by role', async () => {
    const team = { olga: ['OWNER'], adam: ['ADMIN'], petra: ['PROPOSER'], vera: ['VIEWER'] } as const;
    const duty = await seed.organization('Duty', team);
    const [olga, adam] = [memberOf(duty, 'olga'), memberOf(duty, 'adam')];
    const [petra, vera] = [memberOf(duty, 'petra'), memberOf(duty, 'vera')];
    const before = await invite(adam, duty, { roles: ['APPROVER'] });
    expect(codesOf(before)).toEqual([]);
    await update(olga, duty, { separatesDuties: true });
    // Their own second wallet, or one of them who prepares payouts with them.
    for (const attempt of [
      () => invite(adam, duty, { roles: ['APPROVER'] }),
      () => invite(adam, duty, { roles: ['APPROVER', 'VIEWER'], address: randomAddress() }),
      () => changeRoles(adam, duty, vera, ['APPROVER']),
    ]) {
      expect((await attempt()).userErrors).toEqual([{ code: 'DUTIES_SEPARATED', path: ['input', 'roles'] }]);
    }
    // An invitation from before they were separated lets nobody in as an approver.
    const second = await seed.person('Adam’s second wallet');
    expect(codesOf(await accept(second, before.secret))).toEqual(['INVITATION_NOT_PENDING']);
    expect(codesOf(await invite(adam, duty, { roles: ['PROPOSER'] }))).toEqual([]);
    expect(codesOf(await invite(olga, duty, { roles: ['APPROVER'] }))).toEqual([]);
    expect(codesOf(await changeRoles(olga, duty, vera, ['APPROVER']))).toEqual([]);
    // Who is one already keeps it; taking it is no handing out.
    expect(codesOf(await changeRoles(adam, duty, vera, ['APPROVER', 'VIEWER']))).toEqual([]);
    expect(codesOf(await changeRoles(adam, duty, vera, ['VIEWER']))).toEqual([]);
    await update(olga, duty, { separatesDuties: false });
    expect(codesOf(await changeRoles(adam, duty, petra, ['PROPOSER', 'APPROVER']))).toEqual([]);
  });

  it('end the invitations of an OWNER to approve when they are one no more', async () => {
    const duty = await seed.organization('Duty', { olga: ['OWNER'], otto: ['OWNER'] });
    const [olga, otto] = [memberOf(duty, 'olga'), memberOf(duty, 'otto')];
    await update(olga, duty, { separatesDuties: true });
    const { secret } = await invite(otto, duty, { roles: ['APPROVER'] });
    await changeRoles(olga, duty, otto, ['ADMIN']);
    expect(codesOf(await accept(await seed.person('Guest'), secret))).toEqual(['INVITATION_NOT_PENDING']);
  });

  it('are of one organization alone', async () => {
    await update(paula, acme, { separatesDuties: true });
    const other = await seed.organization('Other', { omar: ['PROPOSER', 'APPROVER'] });
    const till = await other.account();
    const approvalId = await (await till.batch()).submit();
    expect(codesOf(await grant(memberOf(other, 'omar'), approvalId))).toEqual([]);
  });
});

it('a role that was taken decides nothing any more', async () => {
  const approvalId = await (await account.batch()).submit();
  await changeRoles(paula, acme, carol, ['VIEWER']);
  expect(await canDecide(carol, approvalId)).toEqual([false, false]);
  const { errors } = await carol.client.send(
    'mutation ($i: ApprovalGrantInput!) { approvalGrant(input: $i) { eventCursor } }',
    {
      i: {
        approvalId: nodeId('Approval', approvalId),
        signerId: nodeId('Signer', carol.signerId),
        signature: { wallet: `0x${'00'.repeat(65)}` },
      },
    },
  );
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
