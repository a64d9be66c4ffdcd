import { encodeFunctionData } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { multiSendAbi } from '../../chains/evm/codec/safeAbi.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { loadBlockers } from '../../resolvers/payoutBatch/loadBlockers.ts';
import {
  administrate,
  adopt,
  creationCodeOf,
  deploy,
  disableModule,
  fund,
  makeSafe,
  standingOf,
  untilRead,
} from './accountsKit.ts';
import { entriesOf, executeElsewhere, indexedBalanceOf, reorgChain } from './indexerKit.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { payees, totalOf } from './payoutsSeed.ts';

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

const MODULE = '0x00000000000000000000000000000000DEC0Adde' as const;

async function changesOf(accountId: string) {
  return (await entriesOf(kit, accountId)).filter(({ type }) => type === 'ACCOUNT_CHANGED');
}

/** Waits until a batch has been asked for so many times: each time its nonce was used elsewhere. */
async function untilAskedFor(batchId: string, times: number) {
  const approvals = kit.database.selectFrom('approval').select('id').where('batchId', '=', batchId);
  await expect.poll(async () => (await approvals.execute()).length).toBe(times);
}

test('a module that appears later: told, nothing is submitted or opened; once it is gone the batch opens', async () => {
  const lines = payees(2, 9_200_000);
  const account = await kit.openAccount(totalOf(lines) * 2n);
  expect(await standingOf(kit, account.id)).toMatchObject({ version: '1.4.1', faults: [], modules: [] });
  const batchId = await kit.submitBatch(account, lines, { grants: 0 });
  await administrate(kit, account.address, 'enableModule', MODULE);

  const fault = { code: 'MODULE_ENABLED', message: expect.stringContaining(MODULE) };
  expect(await standingOf(kit, account.id)).toMatchObject({
    status: 'ACTIVE',
    modules: [MODULE],
    faults: [fault],
  });
  expect(await changesOf(account.id)).toMatchObject([{ changed: ['MODULES'], faults: [fault] }]);
  const context = kit.context(required(kit.approvers[0], 'An approver'));
  expect(await loadBlockers(context, [batchId])).toMatchObject([{ code: 'ACCOUNT_UNSAFE' }]);
  await expect(kit.submitBatch(account, payees(1, 9_201_000))).rejects.toMatchObject({
    faults: [{ code: 'ACCOUNT_UNSAFE', message: expect.stringContaining(MODULE) }],
  });

  // The batch took nonce 0, which enabling the module used: once that is final it is asked for again.
  await kit.mine(FINAL_DEPTH);
  await untilAskedFor(batchId, 2);
  for (const approver of kit.approvers.slice(0, 2)) await kit.grant(batchId, approver);
  await advanceBatch(kit.engine(), batchId);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'APPROVED', blockerCode: 'ACCOUNT_UNSAFE' });
  const sent = kit.database.selectFrom('chainTransaction').select('id').where('batchId', '=', batchId);
  expect(await sent.execute()).toEqual([]);

  await disableModule(kit, account.address, MODULE);
  expect(await standingOf(kit, account.id)).toMatchObject({ modules: [], faults: [] });
  expect(await changesOf(account.id)).toMatchObject([{}, { changed: ['MODULES'], faults: [] }]);
  await kit.mine(FINAL_DEPTH);
  await untilAskedFor(batchId, 3);
  for (const approver of kit.approvers.slice(0, 2)) await kit.grant(batchId, approver);
  await kit.openBatch(batchId);
  expect(await loadBlockers(context, [batchId])).toEqual([null]);
});

test('a guard, a handler and another singleton that appear later are told, even where no event tells of them', async () => {
  const safe = await makeSafe(kit);
  const { accountId } = await adopt(kit, safe);
  await untilRead(kit, accountId);
  await administrate(kit, safe, 'setFallbackHandler', MODULE);
  expect((await standingOf(kit, accountId)).codes).toEqual(['FALLBACK_HANDLER_UNKNOWN']);
  const guard = await deploy(kit, creationCodeOf('0x600160005260206000f3'));
  await administrate(kit, safe, 'setGuard', guard);
  expect((await standingOf(kit, accountId)).codes).toEqual(['GUARD_SET', 'FALLBACK_HANDLER_UNKNOWN']);

  // A delegate call that writes 0xbad into slot 0.
  const overwriter = await deploy(kit, creationCodeOf('0x610bad60005500'));
  const quiet = await makeSafe(kit);
  const other = await adopt(kit, quiet);
  await untilRead(kit, other.accountId);
  const data = encodeFunctionData({ abi: multiSendAbi, functionName: 'multiSend', args: ['0x'] });
  await executeElsewhere(kit, quiet, { to: overwriter, data, operation: 1 });
  await kit.mine();
  const standing = await standingOf(kit, other.accountId);
  expect(standing).toMatchObject({ status: 'ACTIVE', codes: ['SINGLETON_UNKNOWN'], version: null });
  expect(await changesOf(accountId)).toMatchObject([
    { changed: ['FALLBACK_HANDLER'] },
    { changed: ['GUARD'] },
  ]);
  expect(await changesOf(other.accountId)).toMatchObject([{ changed: ['SINGLETON'] }]);
});

test('owners and threshold that change are told', async () => {
  const safe = await makeSafe(kit);
  const { accountId } = await adopt(kit, safe);
  await untilRead(kit, accountId);
  await administrate(kit, safe, 'addOwnerWithThreshold', MODULE);
  expect(await standingOf(kit, accountId)).toMatchObject({ threshold: 3, faults: [] });
  expect((await standingOf(kit, accountId)).owners).toContain(MODULE);
  expect(await changesOf(accountId)).toMatchObject([{ changed: ['OWNERS', 'THRESHOLD'], faults: [] }]);
});

test('a reorg of the block at which a Safe was read: it is read again, and told again', async () => {
  const funds = 12n;
  const safe = await makeSafe(kit);
  await fund(kit, safe, funds);
  await kit.mine(FINAL_DEPTH);
  const { accountId } = await adopt(kit, safe);
  const stranger = await adopt(kit, MODULE);
  expect(await untilRead(kit, accountId)).toMatchObject({ status: 'ACTIVE' });
  expect(await untilRead(kit, stranger.accountId)).toMatchObject({ status: 'REFUSED' });
  await expect.poll(() => indexedBalanceOf(kit, accountId)).toBe(funds);
  await reorgChain(kit, 2);
  await kit.untilIndexed();
  expect(await untilRead(kit, accountId)).toMatchObject({ status: 'ACTIVE', faults: [] });
  await expect
    .poll(async () => (await entriesOf(kit, accountId)).map(({ type }) => type))
    .toEqual(['ACCOUNT_OPENED', 'ACCOUNT_OPENED']);
  await expect
    .poll(async () => (await entriesOf(kit, stranger.accountId)).map(({ type }) => type))
    .toEqual(['ACCOUNT_REFUSED', 'ACCOUNT_REFUSED']);
  await expect.poll(() => indexedBalanceOf(kit, accountId)).toBe(funds);
});

test('a Safe that a reorg takes away is refused; adopted anew meanwhile, the older request stays refused', async () => {
  const { number: before } = await kit.chain.client.getBlock();
  const safe = await makeSafe(kit);
  const first = await adopt(kit, safe);
  await untilRead(kit, first.accountId);
  const { number } = await kit.chain.client.getBlock();
  await reorgChain(kit, Number(number - before));
  await kit.untilIndexed();
  await expect.poll(async () => (await standingOf(kit, first.accountId)).codes).toEqual(['NO_CODE']);
  expect(await standingOf(kit, first.accountId)).toMatchObject({ status: 'REFUSED' });

  const second = await adopt(kit, safe);
  expect(await untilRead(kit, second.accountId)).toMatchObject({ status: 'REFUSED' });
  await kit.mine();
  await reorgChain(kit, 2);
  await kit.untilIndexed();
  await expect.poll(async () => (await entriesOf(kit, second.accountId)).length).toBe(2);
  expect(await standingOf(kit, first.accountId)).toMatchObject({ status: 'REFUSED' });
});
