import { type Address, getAddress, type Hash, type Hex, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { required } from '../../core/errors.ts';
import type { EventLog } from '../../events/unitOfWork.ts';
import { deployAccount } from '../../payouts/deployAccount.ts';
import { accountOpen } from '../../resolvers/account/accountOpen.ts';
import { approvalGrant } from '../../resolvers/approval/approvalGrant.ts';
import { organizationCreate } from '../../resolvers/organization/organizationCreate.ts';
import { payoutBatchCreate } from '../../resolvers/payoutBatch/payoutBatchCreate.ts';
import { payoutBatchSubmit } from '../../resolvers/payoutBatch/payoutBatchSubmit.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import { findOrCreateSigner } from '../../resolvers/session/findOrCreateSigner.ts';
import { EMBEDDED_CHAIN_ID } from '../../server/embedded/anvil.ts';
import type { TestChain } from '../kit/chain.ts';
import { eventually } from './payoutsEventually.ts';
import type { PayoutsKit } from './payoutsKit.ts';

export type Payee = { recipient: Address; units: bigint };
export type Account = { id: string; address: Address };
export type Approver = { userId: string; signerId: string; address: Address; privateKey: Hex };
export type People = { approvers: Approver[]; organizationId: string };
export type SubmitOptions = { grants?: number; openWindowSeconds?: number; closeDelaySeconds?: number };

let nextKey = 0;

export function contextOf(log: EventLog, userId: string): RequestContext {
  return { log, viewer: { userId, sessionId: userId }, requestId: 'test' };
}

export async function seedPeople(log: EventLog, chain: TestChain): Promise<People> {
  const approvers = await log.database.transaction().execute(async (transaction) => {
    const found: Approver[] = [];
    for (const account of chain.approvers) {
      found.push({ ...account, ...(await findOrCreateSigner(transaction, account.address, 'Approver')) });
    }
    return found;
  });
  const [first] = approvers;
  const { organizationId } = await organizationCreate(contextOf(log, required(first, 'An approver').userId), {
    name: 'Payer',
    members: approvers.map(({ address }) => ({
      displayName: 'Approver',
      address,
      roles: ['OWNER', 'APPROVER'],
    })),
    idempotencyKey: 'organization',
  });
  return { approvers, organizationId };
}

/** Opens so many accounts, each with so much of the token: one by one they would take blocks each. */
export async function openAccounts(
  kit: PayoutsKit,
  place: People & { chainId: string },
  count: number,
  units: bigint,
): Promise<Account[]> {
  const accounts: Account[] = [];
  const minted: Hash[] = [];
  for (let index = 0; index < count; index += 1) {
    const account = await askForAccount(kit, place);
    accounts.push(account);
    const hash = await giveToken(kit, account.address, units);
    if (hash !== null) minted.push(hash);
  }
  const ids = accounts.map(({ id }) => id);
  await eventually(async () => {
    await kit.mine();
    for (const hash of minted) await kit.chain.client.getTransactionReceipt({ hash });
    const rows = await kit.database.selectFrom('account').select('status').where('id', 'in', ids).execute();
    if (rows.some(({ status }) => status !== 'ACTIVE')) throw new Error('An account is not open.');
  });
  return accounts;
}

async function askForAccount(kit: PayoutsKit, place: People & { chainId: string }): Promise<Account> {
  const { accountId } = await accountOpen(kit.context(required(place.approvers[0], 'An approver')), {
    organizationId: place.organizationId,
    chainId: place.chainId,
    name: 'Treasury',
    approverSignerIds: place.approvers.map(({ signerId }) => signerId),
    threshold: 2,
    idempotencyKey: `account ${nextKey++}`,
  });
  await deployAccount(kit.engine(), accountId);
  const row = await kit.database
    .selectFrom('account')
    .select('address')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  return { id: accountId, address: getAddress(row.address) };
}

type DealMethod = { Method: 'anvil_dealERC20'; Parameters: [Address, Address, Hex]; ReturnType: null };

/** The token mints on the embedded chain alone; elsewhere the node writes the balance. @returns what is to be mined */
export async function giveToken(kit: PayoutsKit, to: Address, units: bigint): Promise<Hash | null> {
  const { chainId, client, strangers } = kit.chain;
  if (chainId !== EMBEDDED_CHAIN_ID) {
    await client.request<DealMethod>({ method: 'anvil_dealERC20', params: [to, kit.token, toHex(units)] });
    return null;
  }
  return client.writeContract({
    account: privateKeyToAccount(required(strangers[0], 'A stranger').privateKey),
    address: kit.token,
    abi: developmentUsdcAbi,
    functionName: 'mint',
    args: [to, units],
    chain: null,
  });
}

export async function submitBatch(
  kit: PayoutsKit,
  account: Account,
  payees: readonly Payee[],
  { grants = 2, openWindowSeconds, closeDelaySeconds }: SubmitOptions = {},
): Promise<string> {
  const context = kit.context(required(kit.approvers[0], 'An approver'));
  const { payoutBatchId } = await payoutBatchCreate(context, {
    accountId: account.id,
    assetId: kit.assetId,
    title: 'Payroll',
    payouts: payees.map(({ recipient, units }) => ({
      recipient,
      amount: `${units / 1_000_000n}.${(units % 1_000_000n).toString().padStart(6, '0')}`,
      memo: null,
      reference: null,
    })),
    idempotencyKey: `batch ${nextKey++}`,
  });
  await payoutBatchSubmit(context, {
    payoutBatchId,
    openWindowSeconds: openWindowSeconds ?? null,
    closeDelaySeconds: closeDelaySeconds ?? null,
  });
  for (const approver of kit.approvers.slice(0, grants)) await grant(kit, payoutBatchId, approver);
  return payoutBatchId;
}

/** Signs the newest live approval of a batch. */
export async function grant(kit: PayoutsKit, batchId: string, approver: Approver): Promise<void> {
  const approval = await kit.database
    .selectFrom('approval')
    .select(['id', 'digest'])
    .where('batchId', '=', batchId)
    .where('status', 'in', ['PENDING', 'APPROVED'])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  await approvalGrant(kit.context(approver), {
    approvalId: approval.id,
    signerId: approver.signerId,
    signature: await privateKeyToAccount(approver.privateKey).sign({ hash: approval.digest as Hex }),
  });
}

/** Payees nobody has paid before: `first` tells the sets of one chain apart. */
export function payees(count: number, first: number): Payee[] {
  return Array.from({ length: count }, (_, index) => ({
    recipient: getAddress(
      `0x${(0x1_0000_0000_0000n + BigInt(first + index)).toString(16).padStart(40, '0')}`,
    ),
    units: 1_000_000n + BigInt(index),
  }));
}

export function totalOf(list: readonly Payee[]): bigint {
  return list.reduce((sum, { units }) => sum + units, 0n);
}
