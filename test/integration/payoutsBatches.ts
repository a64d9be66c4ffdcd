import { expect } from 'vitest';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { organizationCreate } from '../../resolvers/organization/organizationCreate.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import { type EngineOptions, FINAL_DEPTH, type PayoutsKit } from './payoutsKit.ts';
import { startHoldingNode } from './payoutsNode.ts';
import {
  type Account,
  openAccounts,
  type Payee,
  payees,
  type SubmitOptions,
  totalOf,
} from './payoutsSeed.ts';

// Batches of a test's own, and what the engine signed for them.

export type OtherAccount = { account: Account; organizationId: string; chainId: string };
export type MadeBatch = { lines: Payee[]; account: Account; batchId: string };
/** `spare`: units that the account has besides. */
export type BatchOptions = SubmitOptions & { account?: Account; spare?: bigint };

let nextPayee = 100_000_000;
/** Payees whom no other batch of the test file pays. */
export function newPayees(count: number): Payee[] {
  nextPayee += count;
  return payees(count, nextPayee - count);
}

/** A batch that so many people signed (2, who approve it), of an account of its own unless one is named. */
export async function approvedBatch(
  kit: PayoutsKit,
  count = 3,
  { account, spare = 0n, ...submit }: BatchOptions = {},
): Promise<MadeBatch> {
  const lines = newPayees(count);
  const payer = account ?? (await kit.openAccount(totalOf(lines) + spare));
  return { lines, account: payer, batchId: await kit.submitBatch(payer, lines, submit) };
}

/** The same, and its open is in a block; nothing else of it was signed. */
export async function openedBatch(
  kit: PayoutsKit,
  count = 3,
  options: BatchOptions = {},
): Promise<MadeBatch> {
  const made = await approvedBatch(kit, count, options);
  await kit.openBatch(made.batchId);
  return made;
}

/** Of who may do everything in the kit's organization. */
export function ownerContext(kit: PayoutsKit): RequestContext {
  return kit.context(required(kit.approvers[0], 'An approver'));
}

/** An account of another organization of the same people, with so many units. */
export async function accountOfOther(kit: PayoutsKit, units: bigint): Promise<OtherAccount> {
  const { organizationId } = await organizationCreate(ownerContext(kit), {
    name: 'Other',
    members: kit.approvers.map(({ address }) => ({
      displayName: 'Approver',
      address,
      roles: ['OWNER', 'APPROVER'],
    })),
    idempotencyKey: 'other',
  });
  const { id: chainId } = await kit.database.selectFrom('chain').select('id').executeTakeFirstOrThrow();
  const place = { approvers: kit.approvers, organizationId, chainId };
  const [account] = await openAccounts(kit, place, 1, units);
  return { account: required(account, 'The account'), organizationId, chainId };
}

/** Two people, who are enough, sign what is asked of a batch's approvers now. */
export async function grantAll(kit: PayoutsKit, batchId: string): Promise<void> {
  for (const approver of kit.approvers.slice(0, 2)) await kit.grant(batchId, approver);
}

/** All approvals that were asked for a batch, the first one first. */
export function approvalsOf(kit: PayoutsKit, batchId: string) {
  return kit.database
    .selectFrom('approval')
    .selectAll()
    .where('batchId', '=', batchId)
    .orderBy('id')
    .execute();
}

/** The engine's own transactions of a batch: by nonce, then in the order in which they were signed. */
export function transactionsOf(kit: PayoutsKit, batchId: string) {
  return kit.database
    .selectFrom('chainTransaction')
    .selectAll()
    .where('batchId', '=', batchId)
    .where('rawTransaction', 'is not', null)
    .orderBy('nonce')
    .orderBy('id')
    .execute();
}

/** What the engine signed for a batch: `OPEN`, `CHUNK`, …, in the order of `transactionsOf`. */
export async function signedKinds(kit: PayoutsKit, batchId: string): Promise<string[]> {
  return (await transactionsOf(kit, batchId)).map(({ kind }) => kind);
}

/** The same with what became of it: `OPEN FINAL`. */
export async function kindsOf(kit: PayoutsKit, batchId: string): Promise<string[]> {
  return (await transactionsOf(kit, batchId)).map(({ kind, status }) => `${kind} ${status}`);
}

/** Signs what a batch needs next with nobody listening: bytes are stored, no node has them. */
export async function advanceUnheard(
  kit: PayoutsKit,
  batchId: string,
  options: Pick<EngineOptions, 'relayerKeys'> = {},
): Promise<void> {
  const mute = await startHoldingNode(kit.chain.rpcUrl);
  const held = mute.hold('eth_sendRawTransaction');
  const advanced = advanceBatch(kit.engine({ rpcUrl: mute.rpcUrl, ...options }), batchId);
  await held;
  await mute.stop();
  await advanced;
}

/** Opens an approved batch, sends the rest of it, and expects that everybody is paid when that is final. */
export async function expectPaid(kit: PayoutsKit, batchId: string, lines: readonly Payee[]): Promise<void> {
  await kit.openBatch(batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', blockerCode: null });
  await kit.requirePaidOnce(lines);
}
