import pg from 'pg';
import { parseGwei } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { checkApproval } from '../../payouts/checkApproval.ts';
import { loadBatch } from '../../payouts/loadBatch.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { approvedBatch, expectPaid, ownerContext, signedKinds } from './payoutsBatches.ts';
import { eventually } from './payoutsEventually.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { startHoldingNode } from './payoutsNode.ts';
import { removeSecondOwner, useSafeElsewhere } from './payoutsSafe.ts';

// What keeps an approved batch from being opened: said, and nothing signed.

let kit: PayoutsKit;
let owner: pg.Client;
beforeAll(async () => {
  kit = await startPayoutsKit();
  owner = new pg.Client({ connectionString: kit.testDatabase.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await kit?.stop();
});

/** Of what three payees are to get. */
const MISSING = 2_000_002n;

async function expectBlocked(batchId: string, blockerCode: string, message?: string | RegExp) {
  await advanceBatch(kit.engine(), batchId);
  const batch = await kit.batch(batchId);
  expect(batch.blockerCode).toBe(blockerCode);
  if (message !== undefined) expect(batch.blockerMessage).toMatch(message);
  expect(await signedKinds(kit, batchId)).toEqual([]);
}

function callToken(functionName: 'mint' | 'setBlocked', args: readonly [`0x${string}`, bigint | boolean]) {
  const account = privateKeyToAccount(required(kit.chain.strangers[0], 'A stranger').privateKey);
  return kit.chain.client.writeContract({
    ...{ account, chain: null, address: kit.token, abi: developmentUsdcAbi },
    ...({ functionName, args } as { functionName: 'mint'; args: [`0x${string}`, bigint] }),
  });
}

test('NOT_FUNDED says how much is missing, until it is there', async () => {
  const { batchId, lines, account } = await approvedBatch(kit, 3, { spare: -MISSING });
  await expectBlocked(batchId, 'NOT_FUNDED', '2.000002 USDC');
  await callToken('mint', [account.address, MISSING]);
  await kit.mine();
  await expectPaid(kit, batchId, lines);
});

test('WAITS_FOR_NONCE while an earlier transaction of the account is not executed', async () => {
  const account = await kit.openAccount(100_000_000n);
  const earlier = await approvedBatch(kit, 3, { account });
  const later = await approvedBatch(kit, 3, { account });
  await expectBlocked(later.batchId, 'WAITS_FOR_NONCE', 'this is its transaction 1, and others come first');
  await expectPaid(kit, earlier.batchId, earlier.lines);
  await expectPaid(kit, later.batchId, later.lines);
});

test('NONCE_USED elsewhere: a new approval is asked for when that is final, and pays the same batch', async () => {
  const { batchId, lines, account } = await approvedBatch(kit);
  await useSafeElsewhere(kit, account);
  await kit.mine();
  await expectBlocked(batchId, 'NONCE_USED');
  await kit.mine(FINAL_DEPTH);
  // The indexer asks the node for the final nonce once it has the head.
  await eventually(async () => expect((await kit.batch(batchId)).status).toBe('PENDING_APPROVAL'));
  for (const approver of kit.approvers.slice(1)) await kit.grant(batchId, approver);
  await expectPaid(kit, batchId, lines);
});

test('SIGNATURES_MISSING when a signer is an owner no more, by the chain’s head', async () => {
  const account = await kit.openAccount(100_000_000n);
  await approvedBatch(kit, 3, { account });
  const { batchId } = await approvedBatch(kit, 3, { account });
  const approval = await kit.database
    .selectFrom('approval')
    .selectAll()
    .where('batchId', '=', batchId)
    .executeTakeFirstOrThrow();
  const loaded = required(await loadBatch(kit.database, batchId), 'The batch');
  await removeSecondOwner(kit, account);
  await kit.mine();
  expect(await checkApproval(kit.engine(), loaded, approval)).toMatchObject({
    ready: false,
    blocker: { code: 'SIGNATURES_MISSING', message: expect.stringContaining('asks for 2') },
  });
  // The indexer has taken the approval back meanwhile: nothing is sent either.
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual([]);
});

test.each([
  ['a payout’s amount', 'update payout set units = units + 1 where batch_id = $1 and row_index = 1', 2],
  [
    'a payout’s recipient',
    `update payout set recipient = '0x00000000000000000000000000000000DeaDBeef' where batch_id = $1 and row_index = 2`,
    3,
  ],
  [
    'a packed row',
    'update payout_chunk set packed_rows = set_byte(packed_rows, 31, 7) where batch_id = $1',
    1,
  ],
])(
  'ROWS_DO_NOT_MATCH after %s was changed in the database; it names the payout',
  async (_, change, payout) => {
    const { batchId } = await approvedBatch(kit);
    await owner.query(change, [batchId]);
    await expectBlocked(batchId, 'ROWS_DO_NOT_MATCH', `payout ${payout} differs`);
  },
);

test('ROWS_DO_NOT_MATCH when rows and chunks were changed alike: they are not what was approved', async () => {
  const { batchId } = await approvedBatch(kit);
  await owner.query('update payout set units = 1000007 where batch_id = $1 and row_index = 0', [batchId]);
  await owner.query(
    `update payout_chunk set packed_rows = overlay(packed_rows placing '\\x0f4247' from 30) where batch_id = $1`,
    [batchId],
  );
  await expectBlocked(batchId, 'ROWS_DO_NOT_MATCH', 'root');
});

test('OPEN_BY_PASSED: nothing is sent that the chain would refuse', async () => {
  const { batchId } = await approvedBatch(kit);
  const { openBy } = await kit.batch(batchId);
  const seconds = BigInt(Math.floor(required(openBy, 'openBy').getTime() / 1000));
  await kit.chain.client.setNextBlockTimestamp({ timestamp: seconds });
  await kit.mine();
  await expectBlocked(batchId, 'OPEN_BY_PASSED');
  await kit.chain.client.setNextBlockTimestamp({ timestamp: seconds + 1n });
  await kit.mine(FINAL_DEPTH);
  expect((await kit.batch(batchId)).status).toBe('EXPIRED');
});

test('WOULD_REVERT: what could only fail is not worth a nonce', async () => {
  const { batchId, lines, account } = await approvedBatch(kit);
  await callToken('setBlocked', [account.address, true]);
  await kit.mine();
  await expectBlocked(batchId, 'WOULD_REVERT', 'GS013');
  await callToken('setBlocked', [account.address, false]);
  await kit.mine();
  await expectPaid(kit, batchId, lines);
});

test('RELAYER_NOT_FUNDED, FEES_TOO_HIGH: nothing is signed that cannot be paid for', async () => {
  const { batchId, lines } = await approvedBatch(kit);
  await advanceBatch(kit.engine({ relayerKeys: [generatePrivateKey()] }), batchId);
  expect((await kit.batch(batchId)).blockerCode).toBe('RELAYER_NOT_FUNDED');
  await kit.chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('600') });
  await kit.mine();
  await expectBlocked(batchId, 'FEES_TOO_HIGH');
  await kit.chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('1') });
  await kit.mine();
  await expectPaid(kit, batchId, lines);
});

test('a batch that is being cancelled is never opened', async () => {
  const { batchId } = await approvedBatch(kit);
  await payoutBatchCancel(ownerContext(kit), { payoutBatchId: batchId });
  await advanceBatch(kit.engine(), batchId);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'CANCELLING' });
  expect(await signedKinds(kit, batchId)).toEqual([]);
});

test('nor one that is cancelled while the engine looks at it', async () => {
  const { batchId } = await approvedBatch(kit);
  const node = await startHoldingNode(kit.chain.rpcUrl);
  const held = node.hold('eth_getBalance');
  const advanced = advanceBatch(kit.engine({ rpcUrl: node.rpcUrl }), batchId);
  await held;
  await payoutBatchCancel(ownerContext(kit), { payoutBatchId: batchId });
  node.pass();
  await advanced;
  await node.stop();
  expect(await signedKinds(kit, batchId)).toEqual([]);
});
