import {
  type Address,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  pad,
  parseAbi,
  toEventSelector,
  zeroAddress,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FALLBACK_HANDLER_SLOT, moduleSlot, SENTINEL } from '../../chains/evm/codec/safeSlots.ts';
import { required } from '../../core/errors.ts';
import {
  administrate,
  adopt,
  callAsOwners,
  creationCodeOf,
  creationCodeOfWriter,
  deploy,
  disableModule,
  makeSafe,
  safeAdminAbi,
  standingOf,
  untilRead,
} from './accountsKit.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { payees, totalOf } from './payoutsSeed.ts';

// What code that a Safe runs by delegation wrote behind the lists that show its owners and modules.

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

const STRANGE: Address = '0x00000000000000000000000000000000DEC0Adde';
const HASH: Hex = keccak256('0xbad0');
const safeAbi = parseAbi([
  'function isModuleEnabled(address module) view returns (bool)',
  'function approvedHashes(address owner, bytes32 hash) view returns (uint256)',
  'function signedMessages(bytes32 hash) view returns (uint256)',
]);

/** A slot of a mapping, worked out apart from what is tested. */
function slotIn(mapping: Hex, key: Hex): Hex {
  const words = [pad(key, { size: 32 }), pad(mapping, { size: 32 })] as const;
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], words));
}

function firstApprover() {
  return required(kit.approvers[0], 'An approver');
}

/** A Safe whose setup wrote something, and what came of adopting it. */
async function adoptWritten(slot: Hex, value: bigint) {
  const helper = await deploy(kit, creationCodeOfWriter(slot, value));
  const safe = await makeSafe(kit, { helper });
  const { accountId } = await adopt(kit, safe);
  return { safe, standing: await untilRead(kit, accountId) };
}

describe('a Safe whose setup wrote is refused', () => {
  test('a module that no list links to, and that could move the money', async () => {
    const { safe, standing } = await adoptWritten(slotIn('0x01', STRANGE), 1n);
    const isEnabled = await kit.chain.client.readContract({
      address: safe,
      abi: safeAbi,
      functionName: 'isModuleEnabled',
      args: [STRANGE],
    });
    expect(isEnabled).toBe(true);
    expect(standing).toMatchObject({ status: 'REFUSED', modules: [], codes: ['STORAGE_UNKNOWN'] });
    expect(standing.faults[0]?.message).toContain(safe);
  });

  test('an owner that no list links to', async () => {
    const { standing } = await adoptWritten(slotIn('0x02', STRANGE), 1n);
    expect(standing).toMatchObject({ status: 'REFUSED', codes: ['STORAGE_UNKNOWN'] });
    expect(standing.owners).not.toContain(STRANGE);
  });

  test('the approval of a transaction in an owner’s name', async () => {
    const { address } = firstApprover();
    const { safe, standing } = await adoptWritten(slotIn(slotIn('0x08', address), HASH), 1n);
    const args = [address, HASH] as const;
    const approved = { address: safe, abi: safeAbi, functionName: 'approvedHashes', args } as const;
    expect(await kit.chain.client.readContract(approved)).toBe(1n);
    expect(standing).toMatchObject({ status: 'REFUSED', codes: ['STORAGE_UNKNOWN'] });
  });

  test('the same, announced as if the owner had approved it', async () => {
    const { address } = firstApprover();
    const slot = slotIn(slotIn('0x08', address), HASH);
    const topic = toEventSelector('event ApproveHash(bytes32 indexed approvedHash, address indexed owner)');
    // PUSH32 1, PUSH32 slot, SSTORE, PUSH32 owner, PUSH32 hash, PUSH32 topic, PUSH1 0, PUSH1 0, LOG3, STOP
    const words = [pad('0x01'), slot, pad(address), HASH, topic] as const;
    const [one, where, owner, hash, event] = words.map((word) => concatHex(['0x7f', word]));
    const code = [one, where, '0x55', owner, hash, event, '0x60006000a300'].map((part) => part as Hex);
    const helper = await deploy(kit, creationCodeOf(concatHex(code)));
    const { accountId } = await adopt(kit, await makeSafe(kit, { helper }));
    expect(await untilRead(kit, accountId)).toMatchObject({
      status: 'REFUSED',
      codes: ['STORAGE_UNKNOWN'],
    });
  });

  test('a signed message, and what nothing reads', async () => {
    const signed = await adoptWritten(slotIn('0x07', HASH), 1n);
    const message = { address: signed.safe, abi: safeAbi, functionName: 'signedMessages' } as const;
    expect(await kit.chain.client.readContract({ ...message, args: [HASH] })).toBe(1n);
    expect(signed.standing).toMatchObject({ status: 'REFUSED', codes: ['STORAGE_UNKNOWN'] });
    expect((await adoptWritten(HASH, 5n)).standing.codes).toEqual(['STORAGE_UNKNOWN']);
  });

  test('but not one whose setup wrote what is listed: its fault says what it is', async () => {
    const cleared = await adoptWritten(FALLBACK_HANDLER_SLOT, 0n);
    expect(cleared.standing.codes).toEqual([]);
    // SENTINEL → a module → nowhere: a list without an end.
    const endless = await adoptWritten(moduleSlot(SENTINEL), BigInt(STRANGE));
    expect(endless.standing.codes).toEqual(['MODULE_ENABLED', 'MODULES_UNREADABLE']);
  });
});

describe('an account stays in order', () => {
  test('after batches, and after its owners, modules, guard and handler were changed and changed back', async () => {
    const lines = payees(2, 9_500_000);
    const account = await kit.openAccount(totalOf(lines));
    const codes = async () => (await standingOf(kit, account.id)).codes;
    const batchId = await kit.submitBatch(account, lines);
    await kit.openBatch(batchId);
    expect(await standingOf(kit, account.id)).toMatchObject({ safeNonce: 1n, codes: [] });

    await administrate(kit, account.address, 'enableModule', STRANGE);
    expect(await codes()).toEqual(['MODULE_ENABLED']);
    await disableModule(kit, account.address, STRANGE);
    expect(await codes()).toEqual([]);
    const guard = await deploy(kit, creationCodeOf('0x600160005260206000f3'));
    await administrate(kit, account.address, 'setGuard', guard);
    expect(await codes()).toEqual(['GUARD_SET']);
    await administrate(kit, account.address, 'setGuard', zeroAddress);
    await administrate(kit, account.address, 'setFallbackHandler', zeroAddress);
    expect(await codes()).toEqual([]);

    const [first] = kit.approvers;
    const stranger = privateKeyToAccount(required(kit.chain.strangers[1], 'A stranger').privateKey).address;
    const call = (data: Hex) =>
      callAsOwners(kit, account.address, { to: account.address, data, operation: 0 });
    const add = { abi: safeAdminAbi, functionName: 'addOwnerWithThreshold' } as const;
    await call(encodeFunctionData({ ...add, args: [stranger, 2n] }));
    expect(await standingOf(kit, account.id)).toMatchObject({ codes: [], threshold: 2 });
    const remove = { abi: safeAdminAbi, functionName: 'removeOwner' } as const;
    await call(encodeFunctionData({ ...remove, args: [SENTINEL, stranger, 2n] }));
    const standing = await standingOf(kit, account.id);
    expect(standing).toMatchObject({ codes: [], safeNonce: 8n });
    expect(standing.accountOwners).toContain(required(first, 'An approver').address);
    expect(standing.accountOwners).not.toContain(stranger);
  });
});

test('what owners approved on chain with their own keys keeps no Safe from being an account, or from paying', async () => {
  const safe = await makeSafe(kit);
  const { address, privateKey } = firstApprover();
  const approve = async (hash: Hex) => {
    const data = encodeFunctionData({ abi: safeAdminAbi, functionName: 'approveHash', args: [hash] });
    const account = privateKeyToAccount(privateKey);
    await kit.chain.client.sendTransaction({ account, chain: null, to: safe, data });
    await kit.mine();
  };
  await approve(HASH);
  const args = [address, HASH] as const;
  const approved = { address: safe, abi: safeAbi, functionName: 'approvedHashes', args } as const;
  expect(await kit.chain.client.readContract(approved)).toBe(1n);
  const { accountId } = await adopt(kit, safe);
  expect(await untilRead(kit, accountId)).toMatchObject({ status: 'ACTIVE', codes: [] });
  await approve(keccak256(HASH));
  await administrate(kit, safe, 'setFallbackHandler', zeroAddress);
  expect(await standingOf(kit, accountId)).toMatchObject({ safeNonce: 1n, codes: [] });
});

describe('an account is in order no longer', () => {
  test('when owners hide a module in it by delegation: it is told, and nothing is submitted', async () => {
    const account = await kit.openAccount(7n);
    const to = await deploy(kit, creationCodeOfWriter(moduleSlot(STRANGE), 1n));
    await callAsOwners(kit, account.address, { to, data: '0x', operation: 1 });
    expect(await standingOf(kit, account.id)).toMatchObject({
      status: 'ACTIVE',
      modules: [],
      codes: ['STORAGE_UNKNOWN'],
    });
    await expect(kit.submitBatch(account, payees(1, 9_501_000))).rejects.toMatchObject({
      faults: [{ code: 'ACCOUNT_UNSAFE' }],
    });
    const undo = await deploy(kit, creationCodeOfWriter(moduleSlot(STRANGE), 0n));
    await callAsOwners(kit, account.address, { to: undo, data: '0x', operation: 1 });
    expect((await standingOf(kit, account.id)).codes).toEqual([]);
  });
});
