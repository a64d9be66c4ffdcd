import { required } from '../../core/errors.ts';
import type { NodeType } from '../../core/ids.ts';
import { memberInvite } from '../../resolvers/organization/memberInvite.ts';
import { accountPause } from '../../resolvers/pause/accountPause.ts';
import { chainPause } from '../../resolvers/pause/chainPause.ts';
import { payoutBatchPause } from '../../resolvers/pause/payoutBatchPause.ts';
import { payeeCreate } from '../../resolvers/payee/payeeCreate.ts';
import { newKey, type TestApi } from '../kit/api.ts';
import {
  randomAddress,
  type Seed,
  type SeededAccount,
  type SeededBatch,
  type SeededOrganization,
  type SeededPerson,
  seedWorld,
} from '../kit/seed.ts';

/** Everything of one organization, and who asks for it: a member of another one, and a member who may only read. */
export type Tenants = {
  seed: Seed;
  acme: SeededOrganization;
  account: SeededAccount;
  /** Waits for approval; alice has signed. */
  batch: SeededBatch;
  draft: SeededBatch;
  approvalId: string;
  other: SeededOrganization;
  mallory: SeededPerson;
  reader: SeededPerson;
  /** One object of each type: Acme's, but for chain and asset. */
  uuids: Record<NodeType, string>;
};

/** Objects of these types are for those alone who manage members: alice, who made Acme, and no mere reader. */
export const MANAGED_TYPES: readonly NodeType[] = ['Invitation'];

/** Objects of these types are everybody's who is signed in. */
export const PUBLIC_TYPES: readonly NodeType[] = ['Asset', 'Chain'];

export function person(organization: SeededOrganization, name: string): SeededPerson {
  return required(organization.people[name], name);
}

export async function seedTenants(api: TestApi): Promise<Tenants> {
  const seed = await seedWorld(api);
  const acme = await seed.organization('Acme', {
    alice: ['PROPOSER', 'APPROVER'],
    bob: ['APPROVER'],
    vera: ['VIEWER'],
  });
  const account = await acme.account();
  await account.hold(10_000_000n);
  const batch = await account.batch(3);
  const draft = await account.batch(2, 'Draft');
  const approvalId = await batch.submit();
  await batch.grant(person(acme, 'alice'));
  const transferId = await account.receive(7n);
  const other = await seed.organization('Other', { mallory: ['ADMIN', 'PROPOSER', 'APPROVER'] });
  const { invitationId } = await memberInvite(person(acme, 'alice').context, {
    organizationId: acme.uuid,
    displayName: 'Ivan',
    roles: ['VIEWER'],
    address: null,
    idempotencyKey: newKey(),
  });
  const { payeeId } = await payeeCreate(person(acme, 'alice').context, {
    organizationId: acme.uuid,
    name: 'Paula',
    reference: 'EMP-1',
    destinations: [{ assetId: seed.usdcUuid, address: randomAddress(), share: '1' }],
    idempotencyKey: newKey(),
  });
  // What a stranger may neither see nor let go on.
  const { context } = person(acme, 'alice');
  const reason = 'A pause of Acme’s';
  await accountPause(context, { accountId: account.uuid, reason });
  await payoutBatchPause(context, { payoutBatchId: batch.uuid, reason });
  await chainPause(context, { organizationId: acme.uuid, chainId: seed.chainUuid, reason });
  const first = async (table: 'payout' | 'chainTransaction') => {
    const rows = api.database.selectFrom(table).select('id').where('organizationId', '=', acme.uuid);
    return (await rows.executeTakeFirstOrThrow()).id;
  };
  const uuids = {
    Account: account.uuid,
    Approval: approvalId,
    Asset: seed.usdcUuid,
    Chain: seed.chainUuid,
    ChainTransaction: await first('chainTransaction'),
    Invitation: invitationId,
    Organization: acme.uuid,
    Payee: payeeId,
    Payout: await first('payout'),
    PayoutBatch: batch.uuid,
    Signer: person(acme, 'bob').signerId,
    Transfer: transferId,
    User: person(acme, 'bob').userId,
  };
  const [mallory, reader] = [person(other, 'mallory'), person(acme, 'vera')];
  return { seed, acme, account, batch, draft, approvalId, other, mallory, reader, uuids };
}
