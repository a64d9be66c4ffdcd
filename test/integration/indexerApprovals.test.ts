import {
  concatHex,
  encodeFunctionData,
  getAddress,
  getContractAddress,
  type Hex,
  keccak256,
  parseAbi,
  size,
  stringToHex,
  toHex,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batchIdFromUuid } from '../../chains/evm/codec/batchIdFromUuid.ts';
import { openTransaction } from '../../chains/evm/codec/openTransaction.ts';
import { required } from '../../core/errors.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { safeTransactionOf } from '../../transitions/requestApproval.ts';
import { entriesOf, executeElsewhere } from './indexerKit.ts';
import { approvalsOf, grantAll, newPayees, ownerContext } from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { type Account, totalOf } from './payoutsSeed.ts';

// What the chain decides about approvals: used elsewhere, expired, executed although given up, owners changed.

const ownerAbi = parseAbi([
  'function removeOwner(address prevOwner, address owner, uint256 threshold)',
  'function changeThreshold(uint256 threshold)',
]);

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

async function batchWithGrants(grants: number, options: { openWindowSeconds?: number } = {}) {
  const lines = newPayees(2);
  const account = await kit.openAccount(totalOf(lines) * 2n);
  const batchId = await kit.submitBatch(account, lines, { grants, ...options });
  return { lines, account, batchId };
}

/** Something of the owners' own that uses the account's next nonce. */
async function useNonce(account: Account) {
  await executeElsewhere(kit, account.address, { to: account.address, data: '0x', operation: 0 });
  await kit.mine();
}

async function cancel(batchId: string) {
  await payoutBatchCancel(ownerContext(kit), { payoutBatchId: batchId });
}

test('a nonce used elsewhere makes an approval stale once that is final: the batch is asked for at the next', async () => {
  const { account, batchId } = await batchWithGrants(2);
  await useNonce(account);
  await kit.mine(FINAL_DEPTH - 2);
  expect(await approvalsOf(kit, batchId)).toMatchObject([{ status: 'APPROVED', safeNonce: 0n }]);
  await kit.mine();
  await expect
    .poll(() => approvalsOf(kit, batchId))
    .toMatchObject([
      { status: 'STALE', safeNonce: 0n },
      { status: 'PENDING', safeNonce: 1n },
    ]);
  const [stale, fresh] = await approvalsOf(kit, batchId);
  expect(stale?.replacedById).toBe(fresh?.id);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'PENDING_APPROVAL' });
  await grantAll(kit, batchId);
  await kit.openBatch(batchId);
});

test('a batch that is being cancelled is cancelled once its nonce is used elsewhere, and asked for no more', async () => {
  const { account, batchId } = await batchWithGrants(2);
  await cancel(batchId);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'CANCELLING' });
  await useNonce(account);
  await kit.mine(FINAL_DEPTH - 1);
  await expect.poll(() => approvalsOf(kit, batchId)).toMatchObject([{ status: 'CANCELLED' }]);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'CANCELLED' });
});

test('what was cancelled here and is executed elsewhere is executing all the same', async () => {
  const { account, batchId } = await batchWithGrants(1);
  await cancel(batchId);
  const [approval] = await approvalsOf(kit, batchId);
  expect(approval).toMatchObject({ status: 'CANCELLED' });
  await executeElsewhere(kit, account.address, safeTransactionOf(required(approval, 'The approval')));
  await kit.mine();
  expect(await approvalsOf(kit, batchId)).toMatchObject([{ status: 'EXECUTED' }]);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING', pendingCount: 2 });
});

test('an execution stays its own account’s though another Safe emits the same digest in the same block', async () => {
  const { account, batchId } = await batchWithGrants(2);
  const stranger = await kit.openAccount(1n);
  const approval = required((await approvalsOf(kit, batchId))[0], 'The approval');
  const emitter = await deployEmitter();
  await executeElsewhere(kit, account.address, safeTransactionOf(approval));
  await executeElsewhere(kit, stranger.address, {
    to: emitter,
    data: approval.digest as Hex,
    operation: 1,
  });
  await kit.mine();
  expect(await approvalsOf(kit, batchId)).toMatchObject([{ status: 'EXECUTED' }]);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING' });
});

test('past openBy, in a final block, a batch and its approval expire, and the next moves up to the nonce', async () => {
  const { account, batchId } = await batchWithGrants(1, { openWindowSeconds: 3_600 });
  const next = await kit.submitBatch(account, newPayees(2), { grants: 1 });
  expect(await approvalsOf(kit, next)).toMatchObject([{ safeNonce: 1n, status: 'PENDING' }]);
  const openBy = required((await kit.batch(batchId)).openBy, 'openBy');
  const beyond = BigInt(Math.floor(openBy.getTime() / 1000) + 1);
  await kit.chain.client.setNextBlockTimestamp({ timestamp: beyond });
  await kit.mine(FINAL_DEPTH - 1);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'PENDING_APPROVAL' });
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXPIRED' });
  expect(await approvalsOf(kit, batchId)).toMatchObject([{ status: 'EXPIRED' }]);
  expect(await approvalsOf(kit, next)).toMatchObject([
    { safeNonce: 1n, status: 'STALE' },
    { safeNonce: 0n, status: 'PENDING' },
  ]);
});

test('an owner who is one no more: what he had signed is approved no more', async () => {
  const { account, batchId } = await batchWithGrants(2);
  const [, second] = kit.approvers;
  const owners = await ownersOf(account);
  const index = owners.indexOf(required(second, 'An approver').address);
  const previous = index === 0 ? '0x0000000000000000000000000000000000000001' : owners[index - 1];
  // This uses the approval's nonce as well; stale it is only when that is final.
  await executeElsewhere(kit, account.address, {
    to: account.address,
    operation: 0,
    data: encodeFunctionData({
      abi: ownerAbi,
      functionName: 'removeOwner',
      args: [getAddress(previous ?? ''), required(second, 'An approver').address, 2n],
    }),
  });
  await kit.mine();
  expect(await ownersOf(account)).toHaveLength(2);
  expect(await approvalsOf(kit, batchId)).toMatchObject([{ status: 'PENDING' }]);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'PENDING_APPROVAL' });
});

test('a threshold that is lowered approves what has enough signatures by now', async () => {
  const { account, batchId } = await batchWithGrants(0);
  const behind = await kit.submitBatch(account, newPayees(2), { grants: 1 });
  expect(await kit.batch(behind)).toMatchObject({ status: 'PENDING_APPROVAL' });
  await executeElsewhere(kit, account.address, {
    to: account.address,
    operation: 0,
    data: encodeFunctionData({ abi: ownerAbi, functionName: 'changeThreshold', args: [1n] }),
  });
  await kit.mine();
  expect(await kit.batch(behind)).toMatchObject({ status: 'APPROVED' });
  expect(await kit.batch(batchId)).toMatchObject({ status: 'PENDING_APPROVAL' });
  const [approval] = await approvalsOf(kit, behind);
  const told = await entriesOf(kit, required(approval, 'The approval').id);
  expect(told.at(-1)).toMatchObject({ type: 'APPROVAL_STATUS_CHANGED', status: 'APPROVED' });
});

test('a vault that the owners opened with other rows says nothing about these', async () => {
  const { account, batchId } = await batchWithGrants(1);
  const batch = await kit.batch(batchId);
  const other = openTransaction(
    {
      factory: getAddress(required(kit.chain.contracts.PayoutVaultFactory, 'The factory')),
      vault: getAddress(batch.vaultAddress),
      nonce: 0n,
    },
    {
      batchId: batchIdFromUuid(batchId),
      token: kit.token,
      total: batch.totalUnits,
      root: keccak256(stringToHex('other rows')),
      chunkCount: batch.chunkCount,
      gasPerPayout: batch.gasPerPayout,
      openBy: BigInt(Math.floor(required(batch.openBy, 'openBy').getTime() / 1000)),
      closeAfter: BigInt(Math.floor(required(batch.closeAfter, 'closeAfter').getTime() / 1000)),
    },
  );
  await executeElsewhere(kit, account.address, other);
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({
    status: 'PENDING_APPROVAL',
    openedAtBlock: null,
    blockerCode: 'VAULT_OPENED_DIFFERENTLY',
  });
});

async function ownersOf(account: Account): Promise<string[]> {
  const row = await kit.database
    .selectFrom('account')
    .select('owners')
    .where('id', '=', account.id)
    .executeTakeFirstOrThrow();
  return row.owners;
}

test('an account that cannot be read holds up nobody else’s stale approvals', async () => {
  const hostile = await batchWithGrants(2);
  const other = await batchWithGrants(2);
  await useNonce(other.account);
  // The last of all: no block that holds its use of the nonce may be final before a block that cannot be read.
  await useNonce(hostile.account);
  const revertAlways: Hex = '0x5f5ffd';
  await kit.chain.client.setCode({ address: hostile.account.address, bytecode: revertAlways });
  for (let i = 0; i < FINAL_DEPTH; i += 1) await kit.mine();
  await expect
    .poll(() => approvalsOf(kit, other.batchId))
    .toMatchObject([
      { status: 'STALE', safeNonce: 0n },
      { status: 'PENDING', safeNonce: 1n },
    ]);
  expect(await approvalsOf(kit, hostile.batchId)).toMatchObject([{ status: 'APPROVED', safeNonce: 0n }]);
});

/** A contract that emits ExecutionSuccess of the 32 bytes it is called with: by delegate call, as the calling Safe. */
async function deployEmitter(): Promise<Hex> {
  const topic = keccak256(stringToHex('ExecutionSuccess(bytes32,uint256)'));
  // PUSH1 0 CALLDATALOAD; PUSH32 topic; PUSH1 32 PUSH1 0 LOG2; STOP
  const runtime = concatHex(['0x600035', '0x7f', topic, '0x60206000a2', '0x00']);
  const length = toHex(size(runtime), { size: 1 });
  // CODECOPY of what follows these 12 bytes; RETURN
  const initialization = concatHex(['0x60', length, '0x600c60003960', length, '0x6000f3', runtime]);
  const { privateKey } = required(kit.chain.strangers[1], 'A stranger');
  const account = privateKeyToAccount(privateKey);
  const nonce = await kit.chain.client.getTransactionCount({ address: account.address });
  const { client } = kit.chain;
  await client.sendTransaction({ account, chain: null, data: initialization, gas: 500_000n, nonce });
  await kit.mine();
  return getContractAddress({ from: account.address, nonce: BigInt(nonce) });
}
