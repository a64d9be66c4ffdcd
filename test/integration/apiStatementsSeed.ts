import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { required } from '../../core/errors.ts';
import type { Role } from '../../core/permissions.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { memberInvite } from '../../resolvers/organization/memberInvite.ts';
import { payeeCreate } from '../../resolvers/payee/payeeCreate.ts';
import { newKey, type TestApi } from '../kit/api.ts';
import {
  nodeId,
  randomAddress,
  type Seed,
  type SeededAccount,
  type SeededBatch,
  type SeededOrganization,
  type SeededPerson,
} from '../kit/seed.ts';

export type ListWorld = {
  viewer: SeededPerson;
  /** Node ids by what they are of. */
  ids: Record<'organization' | 'account' | 'approval' | 'payoutBatch' | 'chain', string>;
  /** Of payouts. */
  nodeIds: string[];
};

const MAX_APPROVERS = 50;
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const hash = () => `0x${randomBytes(32).toString('hex')}`;

/** An organization in which every list has `count` rows; approvers and decisions stop at 50. */
export async function seedLists(api: TestApi, seed: Seed, count: number): Promise<ListWorld> {
  const roles = (index: number): Role[] => (index < MAX_APPROVERS ? ['APPROVER'] : ['VIEWER']);
  const organization = await seed.organization(
    `Lists of ${count}`,
    Object.fromEntries(range(count).map((index) => [`member ${index}`, roles(index)])),
  );
  const viewer = required(Object.values(organization.people)[0], 'A member');
  const account = await organization.account();
  for (const index of range(count - 1)) await organization.account(`Account ${index}`);
  const batch = await account.batch(count);
  for (const index of range(count - 1)) await account.batch(1, `Batch ${index}`);
  const approvalId = await batch.submit();
  await addApprovals(api, approvalId, Math.max(1, count - 1));
  await addDecisions(api, organization, approvalId, Math.min(count, MAX_APPROVERS));
  const transactionIds = await addTransactions(api, seed, organization, account, batch, count);
  await addEvents(api, organization, batch, transactionIds);
  for (const _ of range(count)) await account.receive(5n);
  await addBalances(api, seed, organization, account, count);
  await addMemberships(api, viewer, count - 1);
  for (const index of range(count)) {
    await memberInvite(viewer.context, {
      organizationId: organization.uuid,
      displayName: `Guest ${index}`,
      roles: ['VIEWER'],
      address: null,
      idempotencyKey: newKey(),
    });
  }
  await addPayees(viewer, organization, seed, count);
  await addWarnings(api, organization, batch, count);
  const payouts = await api.database
    .selectFrom('payout')
    .select('id')
    .where('batchId', '=', batch.uuid)
    .execute();
  return {
    viewer,
    ids: {
      organization: organization.id,
      account: account.id,
      approval: nodeId('Approval', approvalId),
      payoutBatch: batch.id,
      chain: await addChain(api, count),
    },
    nodeIds: payouts.map(({ id }) => nodeId('Payout', id)),
  };
}

async function addPayees(
  viewer: SeededPerson,
  organization: SeededOrganization,
  seed: Seed,
  count: number,
): Promise<void> {
  for (const index of range(count)) {
    await payeeCreate(viewer.context, {
      organizationId: organization.uuid,
      name: `Payee ${index}`,
      reference: `EMP-${index}`,
      destinations: [{ assetId: seed.usdcUuid, address: randomAddress(), share: '1' }],
      idempotencyKey: newKey(),
    });
  }
}

async function addWarnings(
  { database }: TestApi,
  organization: SeededOrganization,
  batch: SeededBatch,
  count: number,
): Promise<void> {
  const of = { batchId: batch.uuid, organizationId: organization.uuid };
  await database
    .insertInto('payoutWarning')
    .values(
      range(count).map((position) => ({
        ...of,
        position,
        rowIndex: position,
        code: 'PAYOUT_DUPLICATE',
        message: 'Row 2 pays the same recipient the same amount.',
      })),
    )
    .execute();
}

/** Further chains, each with its native asset. */
export async function addChains(api: TestApi, count: number): Promise<void> {
  for (const _ of range(count)) await addChain(api, 1);
}

async function addChain({ database }: TestApi, assets: number): Promise<string> {
  const caip2 = `more:${randomBytes(8).toString('hex')}`;
  const { id: chainId } = await database
    .insertInto('chain')
    .values({ caip2, name: 'More', family: 'EVM', confirmedDepth: 1 })
    .returning('id')
    .executeTakeFirstOrThrow();
  await database
    .insertInto('asset')
    .values(
      range(assets).map((index) => ({
        chainId,
        caip19: `${caip2}/${index}`,
        symbol: 'X',
        decimals: 1,
        address: index === 0 ? null : randomAddress(),
      })),
    )
    .execute();
  return nodeId('Chain', chainId);
}

/** As if the nonce had been used elsewhere again and again. */
async function addApprovals({ database }: TestApi, approvalId: string, count: number): Promise<void> {
  const { id: _, ...approval } = await database
    .selectFrom('approval')
    .selectAll()
    .where('id', '=', approvalId)
    .executeTakeFirstOrThrow();
  for (const index of range(count)) {
    await database
      .insertInto('approval')
      .values({
        ...approval,
        status: 'STALE',
        digest: hash(),
        safeNonce: BigInt(index + 1),
        replacedById: approvalId,
      })
      .execute();
  }
}

async function addDecisions(
  { database }: TestApi,
  organization: SeededOrganization,
  approvalId: string,
  count: number,
): Promise<void> {
  for (const person of Object.values(organization.people).slice(0, count)) {
    await database
      .insertInto('approvalDecision')
      .values({
        approvalId,
        organizationId: organization.uuid,
        signerAddress: person.wallet.address,
        signerId: person.signerId,
        userId: person.userId,
        verdict: 'REJECTED',
      })
      .execute();
  }
}

async function addTransactions(
  { database }: TestApi,
  seed: Seed,
  organization: SeededOrganization,
  account: SeededAccount,
  batch: SeededBatch,
  count: number,
): Promise<string[]> {
  const rows = await database
    .insertInto('chainTransaction')
    .values(
      range(count).map(() => ({
        chainId: seed.chainUuid,
        organizationId: organization.uuid,
        accountId: account.uuid,
        batchId: batch.uuid,
        kind: 'CHUNK' as const,
        status: 'INCLUDED' as const,
        hash: hash(),
        blockNumber: 99n,
        blockHash: hash(),
        includedAt: new Date(),
        feeUnits: 1n,
      })),
    )
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

async function addEvents(
  api: TestApi,
  organization: SeededOrganization,
  batch: SeededBatch,
  transactionIds: readonly string[],
): Promise<void> {
  const progress = {
    pending: 1,
    submitted: 0,
    included: 0,
    confirmed: 0,
    final: 0,
    undelivered: 0,
    failed: 0,
  };
  const changes = transactionIds.map((transactionId, index) => ({
    firstIndex: index,
    lastIndex: index,
    status: 'INCLUDED' as const,
    transactionId,
  }));
  await unitOfWork(api.log, async (work) => {
    for (const type of ['PAYOUTS_CHANGED', 'PAYOUTS_REORGED'] as const) {
      const payload = { status: 'EXECUTING' as const, progress, changes };
      work.record({ organizationId: organization.uuid, type, subjectId: batch.uuid, payload });
    }
  });
}

async function addBalances(
  { database }: TestApi,
  seed: Seed,
  organization: SeededOrganization,
  account: SeededAccount,
  count: number,
): Promise<void> {
  for (const _ of range(count)) {
    const address = randomAddress();
    const asset = await database
      .insertInto('asset')
      .values({ chainId: seed.chainUuid, caip19: `token:${address}`, symbol: 'T', decimals: 2, address })
      .returning('id')
      .executeTakeFirstOrThrow();
    await database
      .insertInto('accountBalance')
      .values({
        accountId: account.uuid,
        assetId: asset.id,
        organizationId: organization.uuid,
        units: 1n,
        asOfBlock: 1n,
      })
      .execute();
  }
}

/** Further organizations of the viewer, and further keys. */
async function addMemberships({ database }: TestApi, { userId }: SeededPerson, count: number): Promise<void> {
  for (const index of range(count)) {
    const { id: organizationId } = await database
      .insertInto('organization')
      .values({ name: `Other ${index}` })
      .returning('id')
      .executeTakeFirstOrThrow();
    await database.insertInto('eventLogHead').values({ organizationId }).execute();
    await database
      .insertInto('membership')
      .values({ organizationId, userId, roles: sql<string[]>`array['VIEWER']` })
      .execute();
    await database
      .insertInto('signer')
      .values({ userId, kind: 'WALLET', label: 'Other', address: randomAddress() })
      .execute();
  }
}
