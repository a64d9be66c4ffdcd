import pg from 'pg';
import { type Address, concatHex, encodeFunctionData, getAddress, type Hex, zeroAddress } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { safeAbi, safeProxyFactoryAbi } from '../../chains/evm/codec/safeAbi.ts';
import { SAFE_DEPLOYMENT } from '../../chains/evm/codec/safeDeployment.ts';
import { required, UserFaultsError } from '../../core/errors.ts';
import { organizationCreate } from '../../resolvers/organization/organizationCreate.ts';
import {
  administrate,
  adopt,
  creationCodeOf,
  deploy,
  fund,
  makeSafe,
  standingOf,
  untilRead,
} from './accountsKit.ts';
import { entriesOf, indexedBalanceOf, sendAsStranger, transfersOf } from './indexerKit.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { payees, totalOf } from './payoutsSeed.ts';

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

/** Nobody's address, with letters to be mistyped. */
const STRANGE = getAddress('0x00000000000000000000000000000000dec0adde');
const MISTYPED = `0x${STRANGE.slice(2).replace(/[a-f]/, (letter) => letter.toUpperCase())}`;

/** An account that is asked for, as it is before the indexer has looked at it. */
async function adoptUnread(safe: Address): Promise<string> {
  const owner = new pg.Client({ connectionString: kit.testDatabase.ownerUrl });
  await owner.connect();
  // What the indexer reads, it cannot write yet.
  await owner.query('begin; lock table account_inspection in share mode');
  const { accountId } = await adopt(kit, safe);
  expect(await standingOf(kit, accountId)).toMatchObject({ status: 'OPENING', singleton: null });
  await owner.query('commit');
  await owner.end();
  return accountId;
}

async function refusedWith(address: string) {
  const { accountId } = await adopt(kit, address);
  const standing = await untilRead(kit, accountId);
  expect(standing.status).toBe('REFUSED');
  expect(await entriesOf(kit, accountId)).toMatchObject([
    { type: 'ACCOUNT_REFUSED', faults: standing.faults },
  ]);
  return standing;
}

describe('a Safe becomes an account', () => {
  test('that was made without any factory, with what it holds, and pays a batch', async () => {
    const lines = payees(3, 9_100_000);
    const safe = await makeSafe(kit);
    await fund(kit, safe, totalOf(lines));
    const accountId = await adoptUnread(safe);
    expect(await untilRead(kit, accountId)).toMatchObject({
      status: 'ACTIVE',
      threshold: 2,
      accountOwners: kit.approvers.map(({ address }) => address),
      owners: kit.approvers.map(({ address }) => address),
      singleton: SAFE_DEPLOYMENT.singletonL2.address,
      version: '1.4.1',
      modules: [],
      guard: null,
      fallbackHandler: SAFE_DEPLOYMENT.fallbackHandler.address,
      faults: [],
    });
    expect(await entriesOf(kit, accountId)).toMatchObject([{ type: 'ACCOUNT_OPENED' }]);
    await expect.poll(() => indexedBalanceOf(kit, accountId)).toBe(totalOf(lines));

    await fund(kit, safe, 5n);
    expect(await transfersOf(kit, accountId)).toMatchObject([{ direction: 'IN', units: 5n }]);
    expect(await indexedBalanceOf(kit, accountId)).toBe(totalOf(lines) + 5n);

    const batchId = await kit.submitBatch({ id: accountId, address: safe }, lines);
    await kit.openBatch(batchId);
    expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING' });
    expect(await indexedBalanceOf(kit, accountId)).toBe(5n);
  });

  test('that the L1 singleton runs, without any fallback handler, at a nonce that is not 0', async () => {
    const safe = await makeSafe(kit, {
      singleton: SAFE_DEPLOYMENT.singletonL1.address,
      fallbackHandler: SAFE_DEPLOYMENT.fallbackHandler.address,
    });
    await administrate(kit, safe, 'setFallbackHandler', zeroAddress);
    const { accountId } = await adopt(kit, safe);
    expect(await untilRead(kit, accountId)).toMatchObject({
      status: 'ACTIVE',
      safeNonce: 1n,
      version: '1.4.1',
      fallbackHandler: null,
    });
  });

  test('of two organizations, which both see what it holds and moves', async () => {
    const { organizationId } = await organizationCreate(
      kit.context(required(kit.approvers[0], 'An approver')),
      { name: 'Sister', members: [], idempotencyKey: 'sister' },
    );
    const safe = await makeSafe(kit);
    await fund(kit, safe, 3n);
    const accounts = [await adopt(kit, safe), await adopt(kit, safe, { organizationId })];
    for (const { accountId } of accounts) {
      expect(await untilRead(kit, accountId)).toMatchObject({ status: 'ACTIVE', faults: [] });
      await expect.poll(() => indexedBalanceOf(kit, accountId)).toBe(3n);
    }
    await fund(kit, safe, 4n);
    await administrate(kit, safe, 'enableModule', STRANGE);
    for (const { accountId } of accounts) {
      expect(await transfersOf(kit, accountId)).toMatchObject([{ direction: 'IN', units: 4n }]);
      expect(await indexedBalanceOf(kit, accountId)).toBe(7n);
      expect(await standingOf(kit, accountId)).toMatchObject({ codes: ['MODULE_ENABLED'], safeNonce: 1n });
    }
  });

  test('that the canonical factory made', async () => {
    const initializer = encodeFunctionData({
      abi: safeAbi,
      functionName: 'setup',
      args: [
        [kit.approvers[1]?.address ?? zeroAddress],
        1n,
        zeroAddress,
        '0x',
        zeroAddress,
        zeroAddress,
        0n,
        zeroAddress,
      ],
    });
    const factory = SAFE_DEPLOYMENT.proxyFactory.address;
    const call = {
      address: factory,
      abi: safeProxyFactoryAbi,
      functionName: 'createProxyWithNonce',
      args: [SAFE_DEPLOYMENT.singletonL2.address, initializer, 77n],
    } as const;
    const { result: safe } = await kit.chain.client.simulateContract(call);
    await sendAsStranger(kit, { to: factory, data: encodeFunctionData(call), gas: 1_000_000n });
    await kit.mine();
    const { accountId } = await adopt(kit, safe.toLowerCase());
    expect(await untilRead(kit, accountId)).toMatchObject({ status: 'ACTIVE', threshold: 1 });
  });
});

describe('what is no Safe that can be an account is refused', () => {
  test('a wallet', async () => {
    const [fault] = (await refusedWith(STRANGE)).faults;
    expect(fault).toEqual({ code: 'NO_CODE', message: expect.stringContaining(STRANGE) });
  });

  test('a contract that is no proxy', async () => {
    expect((await refusedWith(kit.token)).codes).toEqual(['PROXY_UNKNOWN']);
  });

  test('a contract that answers like a Safe of our approvers, and is none', async () => {
    const owner = required(kit.approvers[0], 'An approver').address;
    const imitation = await deploy(kit, creationCodeOf(imitationOf(owner)));
    const answered = await kit.chain.client.readContract({
      address: imitation,
      abi: safeAbi,
      functionName: 'getThreshold',
    });
    expect(answered).toBe(1n);
    expect(await refusedWith(imitation)).toMatchObject({ codes: ['PROXY_UNKNOWN'], owners: [] });
  });

  test('a proxy of another singleton, although it behaves as the known one', async () => {
    const code = required(
      await kit.chain.client.getCode({ address: SAFE_DEPLOYMENT.singletonL2.address }),
      'The singleton',
    );
    const singleton = await deploy(kit, creationCodeOf(code));
    const safe = await makeSafe(kit, { singleton });
    const refused = await refusedWith(safe);
    expect(refused).toMatchObject({ codes: ['SINGLETON_UNKNOWN'], singleton, version: null, owners: [] });
    expect(refused.faults[0]?.message).toContain(singleton);
  });

  test('a proxy that nobody set up', async () => {
    const safe = await makeSafe(kit, { setUp: false });
    expect((await refusedWith(safe)).codes).toEqual(['NOT_SET_UP']);
  });

  test('with modules: each is named', async () => {
    const safe = await makeSafe(kit);
    const modules = [STRANGE, kit.token] as const;
    for (const module of modules) await administrate(kit, safe, 'enableModule', module);
    const refused = await refusedWith(safe);
    expect(refused.codes).toEqual(['MODULE_ENABLED', 'MODULE_ENABLED']);
    expect(refused.modules).toEqual([...modules].reverse());
    for (const module of modules)
      expect(refused.faults.some(({ message }) => message.includes(module))).toBe(true);
  });

  test('with a guard and an unknown fallback handler', async () => {
    const guard = await deploy(kit, creationCodeOf(YES_MAN));
    const safe = await makeSafe(kit, { fallbackHandler: STRANGE });
    await administrate(kit, safe, 'setGuard', guard);
    const refused = await refusedWith(safe);
    expect(refused).toMatchObject({
      codes: ['GUARD_SET', 'FALLBACK_HANDLER_UNKNOWN'],
      guard,
      fallbackHandler: STRANGE,
    });
  });

  test('whose owners are strangers', async () => {
    const safe = await makeSafe(kit, { owners: [STRANGE], threshold: 1n });
    expect(await refusedWith(safe)).toMatchObject({ codes: ['NO_KNOWN_OWNER'], owners: [STRANGE] });
  });

  test('and nothing of it is watched', async () => {
    const safe = await makeSafe(kit, { owners: [STRANGE], threshold: 1n });
    const { accountId } = await adopt(kit, safe);
    await untilRead(kit, accountId);
    await fund(kit, safe, 7n);
    expect(await transfersOf(kit, accountId)).toEqual([]);
    expect(await indexedBalanceOf(kit, accountId)).toBeNull();
  });
});

describe('asking', () => {
  test('again with the same key adopts once; with another key it is refused until it was refused itself', async () => {
    const safe = await makeSafe(kit);
    const { accountId } = await adopt(kit, safe, { idempotencyKey: 'once' });
    expect(await adopt(kit, safe, { idempotencyKey: 'once' })).toEqual({ accountId, replayed: true });
    await expect(adopt(kit, safe)).rejects.toMatchObject({ faults: [{ code: 'ACCOUNT_EXISTS' }] });
    await untilRead(kit, accountId);
    await expect(adopt(kit, safe.toLowerCase())).rejects.toMatchObject({
      faults: [{ code: 'ACCOUNT_EXISTS' }],
    });
    const stranger = await makeSafe(kit, { owners: [STRANGE], threshold: 1n });
    await refusedWith(stranger);
    await refusedWith(stranger);
  });

  test.each(['', '0x', 'vitalik.eth', zeroAddress, `0x${'g'.repeat(40)}`, MISTYPED])(
    'for %j is refused',
    async (address) => {
      await expect(adopt(kit, address)).rejects.toThrow(UserFaultsError);
      await expect(adopt(kit, address)).rejects.toMatchObject({ faults: [{ code: 'ADDRESS_INVALID' }] });
    },
  );
});

/** Answers every call with 32 bytes that say 1. */
const YES_MAN: Hex = '0x600160005260206000f3';

/** Answers getOwners with one owner, and everything else with 1, as a Safe of one owner does. */
function imitationOf(owner: Hex): Hex {
  const getOwners = encodeFunctionData({ abi: safeAbi, functionName: 'getOwners' });
  return concatHex([
    // selector == getOwners ? go on at 0x19 : return 1
    concatHex(['0x60003560e01c63', getOwners, '0x14601957600160005260206000f3']),
    // return abi.encode([owner])
    concatHex(['0x5b6020600052600160205273', owner, '0x60405260606000f3']),
  ]);
}
