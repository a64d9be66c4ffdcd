import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { deployAccount } from '../../payouts/deployAccount.ts';
import { accountOpen } from '../../resolvers/account/accountOpen.ts';
import { catchUp, createFollower } from './indexerFollower.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit({ indexer: false });
});
afterAll(() => kit?.stop());

async function openAccount(): Promise<string> {
  const [{ id: organizationId }, { id: chainId }] = await Promise.all([
    kit.database.selectFrom('organization').select('id').executeTakeFirstOrThrow(),
    kit.database.selectFrom('chain').select('id').executeTakeFirstOrThrow(),
  ]);
  const { accountId } = await accountOpen(kit.context(required(kit.approvers[0], 'An approver')), {
    ...{ organizationId, chainId, name: 'Early', threshold: 2, idempotencyKey: 'early' },
    approverSignerIds: kit.approvers.map(({ signerId }) => signerId),
  });
  return accountId;
}

test('what a worker sent before any indexer ran is settled, however long ago its block became final', async () => {
  const accountId = await openAccount();
  await deployAccount(kit.engine(), accountId);
  await kit.chain.mine(3 * FINAL_DEPTH);
  await catchUp(await createFollower(kit));
  await kit.chain.mine();
  await catchUp(await createFollower(kit));
  const transaction = await kit.database
    .selectFrom('chainTransaction')
    .select(['kind', 'status'])
    .where('accountId', '=', accountId)
    .executeTakeFirstOrThrow();
  expect(transaction).toEqual({ kind: 'ACCOUNT', status: 'FINAL' });
});
