import { afterAll, beforeAll, expect, test } from 'vitest';
import { moduleSlot } from '../../chains/evm/codec/safeSlots.ts';
import {
  administrate,
  adopt,
  callAsOwners,
  creationCodeOfWriter,
  deploy,
  makeSafe,
  standingOf,
  untilRead,
} from './accountsKit.ts';
import { createFollower, runFollowers } from './indexerFollower.ts';
import { entriesOf } from './indexerKit.ts';
import { type LyingNode, startLyingNode } from './indexerNode.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';

// The chain is followed through a node that may know no eth_getProof.

/** More blocks than the indexer waits before it asks again for what could not be read. */
const RETRY_BLOCKS = 101;
const MODULE = '0x00000000000000000000000000000000DEC0Adde' as const;

let kit: PayoutsKit;
let node: LyingNode;
let running: { end(): Promise<void> };
beforeAll(async () => {
  kit = await startPayoutsKit({ indexer: false });
  node = await startLyingNode(kit.chain.rpcUrl);
  running = runFollowers([await createFollower(kit, node.rpcUrl)]);
});
afterAll(async () => {
  await running?.end();
  await node?.stop();
  await kit?.stop();
});

function proveNothing() {
  node.lie((method, _, result) => (method === 'eth_getProof' ? null : result));
}

test('what is to be adopted waits and says why, until the node proves its storage', async () => {
  const safe = await makeSafe(kit);
  proveNothing();
  const { accountId } = await adopt(kit, safe);
  await expect.poll(async () => (await standingOf(kit, accountId)).codes).toEqual(['STORAGE_UNPROVEN']);
  await kit.mine(RETRY_BLOCKS);
  expect(await standingOf(kit, accountId)).toMatchObject({ status: 'OPENING', accountOwners: [] });
  expect(await entriesOf(kit, accountId)).toEqual([]);
  node.lie(null);
  await kit.mine(RETRY_BLOCKS);
  expect(await untilRead(kit, accountId)).toMatchObject({ status: 'ACTIVE', codes: [] });
  expect(await entriesOf(kit, accountId)).toMatchObject([{ type: 'ACCOUNT_OPENED' }]);
});

test('of an account that stands nothing is lost by it: what was found stays found, what was proven stays so', async () => {
  node.lie(null);
  const safe = await makeSafe(kit);
  const { accountId } = await adopt(kit, safe);
  expect(await untilRead(kit, accountId)).toMatchObject({ status: 'ACTIVE' });
  proveNothing();
  await administrate(kit, safe, 'enableModule', MODULE);
  expect(await standingOf(kit, accountId)).toMatchObject({ codes: ['MODULE_ENABLED'], safeNonce: 1n });

  node.lie(null);
  const to = await deploy(kit, creationCodeOfWriter(moduleSlot(kit.token), 1n));
  await callAsOwners(kit, safe, { to, data: '0x', operation: 1 });
  expect((await standingOf(kit, accountId)).codes).toEqual(['MODULE_ENABLED', 'STORAGE_UNKNOWN']);
  proveNothing();
  await administrate(kit, safe, 'addOwnerWithThreshold', MODULE);
  const standing = await standingOf(kit, accountId);
  expect(standing).toMatchObject({ threshold: 3, codes: ['MODULE_ENABLED', 'STORAGE_UNKNOWN'] });
});
