import { newKey } from '../kit/api.ts';
import { nodeId, randomAddress } from '../kit/seed.ts';
import type { Tenants } from './apiTenancySeed.ts';

/** `select`: of its payload, beside its user errors. */
export type Attempt = { input: (tenants: Tenants) => object; select: string; reader: string };

/** Every mutation against Acme's objects; `reader` is what a member who may only read is told. */
export const MUTATION_ATTEMPTS: Record<string, Attempt> = {
  accountAdopt: {
    input: ({ acme, seed, account }) => ({
      organizationId: acme.id,
      chainId: nodeId('Chain', seed.chainUuid),
      name: 'Mine',
      address: account.address,
      idempotencyKey: newKey(),
    }),
    select: 'account { id }',
    reader: 'FORBIDDEN',
  },
  accountOpen: {
    input: ({ acme, seed, mallory }) => ({
      organizationId: acme.id,
      chainId: nodeId('Chain', seed.chainUuid),
      name: 'Mine',
      approverSignerIds: [nodeId('Signer', mallory.signerId)],
      threshold: 1,
      idempotencyKey: newKey(),
    }),
    select: 'account { id }',
    reader: 'FORBIDDEN',
  },
  accountPause: {
    input: ({ account }) => ({ accountId: account.id, reason: 'Mine' }),
    select: 'account { id }',
    reader: 'FORBIDDEN',
  },
  accountResume: {
    input: ({ account }) => ({ accountId: account.id }),
    select: 'account { id }',
    reader: 'FORBIDDEN',
  },
  approvalGrant: {
    input: ({ mallory, approvalId }) => ({
      approvalId: nodeId('Approval', approvalId),
      signerId: nodeId('Signer', mallory.signerId),
      signature: { wallet: `0x${'00'.repeat(65)}` },
    }),
    select: 'approval { id }',
    reader: 'FORBIDDEN',
  },
  approvalReject: {
    input: ({ mallory, approvalId }) => ({
      approvalId: nodeId('Approval', approvalId),
      signerId: nodeId('Signer', mallory.signerId),
    }),
    select: 'approval { id }',
    reader: 'FORBIDDEN',
  },
  chainPause: {
    input: ({ acme, seed }) => ({
      organizationId: acme.id,
      chainId: nodeId('Chain', seed.chainUuid),
      reason: 'Mine',
    }),
    select: 'organization { id }',
    reader: 'FORBIDDEN',
  },
  chainResume: {
    input: ({ acme, seed }) => ({ organizationId: acme.id, chainId: nodeId('Chain', seed.chainUuid) }),
    select: 'organization { id }',
    reader: 'FORBIDDEN',
  },
  invitationRevoke: {
    input: ({ uuids }) => ({ invitationId: nodeId('Invitation', uuids.Invitation) }),
    select: 'invitation { id }',
    reader: 'FORBIDDEN',
  },
  memberInvite: {
    input: ({ acme }) => ({
      organizationId: acme.id,
      displayName: 'Mine',
      roles: ['VIEWER'],
      idempotencyKey: newKey(),
    }),
    select: 'invitation { id } secret',
    reader: 'FORBIDDEN',
  },
  memberRemove: {
    input: ({ acme, uuids }) => ({ organizationId: acme.id, userId: nodeId('User', uuids.User) }),
    select: 'organization { id }',
    reader: 'FORBIDDEN',
  },
  memberRolesChange: {
    input: ({ acme, uuids }) => ({
      organizationId: acme.id,
      userId: nodeId('User', uuids.User),
      roles: ['VIEWER'],
    }),
    select: 'membership { roles }',
    reader: 'FORBIDDEN',
  },
  organizationUpdate: {
    input: ({ acme }) => ({ organizationId: acme.id, name: 'Mine', separatesDuties: true }),
    select: 'organization { id }',
    reader: 'FORBIDDEN',
  },
  payeeArchive: {
    input: ({ uuids }) => ({ payeeId: nodeId('Payee', uuids.Payee) }),
    select: 'payee { id }',
    reader: 'FORBIDDEN',
  },
  payeeCreate: {
    input: ({ acme, seed }) => ({
      organizationId: acme.id,
      name: 'Mine',
      reference: 'MINE-1',
      destinations: [{ assetId: nodeId('Asset', seed.usdcUuid), address: randomAddress(), share: '1' }],
      idempotencyKey: newKey(),
    }),
    select: 'payee { id }',
    reader: 'FORBIDDEN',
  },
  payeeUpdate: {
    input: ({ uuids }) => ({ payeeId: nodeId('Payee', uuids.Payee), name: 'Mine' }),
    select: 'payee { id }',
    reader: 'FORBIDDEN',
  },
  payoutBatchCancel: {
    input: ({ draft }) => ({ payoutBatchId: draft.id }),
    select: 'payoutBatch { id }',
    reader: 'FORBIDDEN',
  },
  payoutBatchCreate: {
    input: ({ seed, account }) => ({
      accountId: account.id,
      assetId: nodeId('Asset', seed.usdcUuid),
      title: 'Mine',
      payouts: [{ recipient: randomAddress(), amount: '1' }],
      idempotencyKey: newKey(),
    }),
    select: 'payoutBatch { id }',
    reader: 'FORBIDDEN',
  },
  payoutBatchImport: {
    input: ({ seed, account }) => ({
      accountId: account.id,
      assetId: nodeId('Asset', seed.usdcUuid),
      title: 'Mine',
      idempotencyKey: newKey(),
      file: null,
    }),
    select: 'payoutBatch { id }',
    reader: 'FORBIDDEN',
  },
  payoutBatchPause: {
    input: ({ batch }) => ({ payoutBatchId: batch.id, reason: 'Mine' }),
    select: 'payoutBatch { id }',
    reader: 'FORBIDDEN',
  },
  payoutBatchResume: {
    input: ({ batch }) => ({ payoutBatchId: batch.id }),
    select: 'payoutBatch { id }',
    reader: 'FORBIDDEN',
  },
  payoutBatchRetryFailed: {
    input: ({ batch }) => ({ payoutBatchId: batch.id, idempotencyKey: newKey() }),
    select: 'payoutBatch { id }',
    reader: 'FORBIDDEN',
  },
  payoutBatchSubmit: {
    input: ({ draft }) => ({ payoutBatchId: draft.id }),
    select: 'payoutBatch { id }',
    reader: 'FORBIDDEN',
  },
  payoutCreate: {
    input: ({ seed, account }) => ({
      accountId: account.id,
      assetId: nodeId('Asset', seed.usdcUuid),
      recipient: randomAddress(),
      amount: '1',
      idempotencyKey: newKey(),
    }),
    select: 'payout { id }',
    reader: 'FORBIDDEN',
  },
};
