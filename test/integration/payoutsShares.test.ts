import { afterAll, beforeAll, expect, test } from 'vitest';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { accountPause } from '../../resolvers/pause/accountPause.ts';
import { chainPause } from '../../resolvers/pause/chainPause.ts';
import { payoutBatchPause } from '../../resolvers/pause/payoutBatchPause.ts';
import { accountOfOther, newPayees, ownerContext } from './payoutsBatches.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { type Account, totalOf } from './payoutsSeed.ts';

// What cannot be sent now takes nothing of what a lane may have in flight.

const BLOCK_GAS_LIMIT = 30_000_000n;
/** Of chunks, in a lane that is one batch's: six blocks of gas, without the eighth that is kept for others. */
const WHOLE_SHARE = 9;
const ROWS_PER_CHUNK = 200;
const SMALL = 3;
const UNITS_PER_ACCOUNT = 100_000_000n;
const REASON = 'Not now';

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

const context = () => ownerContext(kit);
const approve = (account: Account, grants = 2) => kit.submitBatch(account, newPayees(SMALL), { grants });

/** An account of another organization of the same people, which has paused its payouts on the chain. */
async function accountOfPausedOrganization(): Promise<Account> {
  const { account, organizationId, chainId } = await accountOfOther(kit, UNITS_PER_ACCOUNT);
  await chainPause(context(), { organizationId, chainId, reason: REASON });
  return account;
}

test('approved batches that are paused, or not the next of their account, leave a large one the whole lane', async () => {
  await kit.chain.client.setBlockGasLimit({ gasLimit: BLOCK_GAS_LIMIT });
  const lines = newPayees((WHOLE_SHARE + 3) * ROWS_PER_CHUNK);
  const large = await kit.submitBatch(await kit.openAccount(totalOf(lines)), lines);
  await kit.openBatch(large);
  const accounts = await kit.openAccounts(3, UNITS_PER_ACCOUNT);
  const [ofPausedAccount, ofPausedBatch, ofQueue] = accounts as [Account, Account, Account];

  await approve(await accountOfPausedOrganization());
  await accountPause(context(), { accountId: ofPausedAccount.id, reason: REASON });
  await approve(ofPausedAccount);
  await payoutBatchPause(context(), { payoutBatchId: await approve(ofPausedBatch), reason: REASON });
  // The second one waits for the first, which is not approved.
  await approve(ofQueue, 1);
  await approve(ofQueue);

  await advanceBatch(kit.engine(), large);
  const inFlight = await kit.database
    .selectFrom('payoutChunk')
    .select('chunkIndex')
    .where('batchId', '=', large)
    .where('status', '=', 'SUBMITTED')
    .execute();
  expect(inFlight).toHaveLength(WHOLE_SHARE);
});
