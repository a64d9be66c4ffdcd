import { setTimeout as delay } from 'node:timers/promises';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { type ApiClient, type ApiFault, requireNoFaults, signIn } from '../../cli/apiClient.ts';
import { approveBatch } from '../../cli/approveBatch.ts';
import { BATCH, type BatchAnswer } from '../../cli/payrollDocuments.ts';
import type { StackFile } from '../../cli/stackFile.ts';
import { formatAmount } from '../../core/money.ts';
import type { BlockClock } from './blockClock.ts';
import { type BenchPayout, payrollRows } from './payrollRows.ts';

const CREATE = /* GraphQL */ `
  mutation BenchPayment($input: PayoutCreateInput!) {
    payoutCreate(input: $input) { payoutBatch { id } userErrors { code message path } }
  }
`;
type CreateAnswer = { payoutCreate: { payoutBatch: { id: string } | null; userErrors: ApiFault[] } };

const INCLUDED = /* GraphQL */ `
  query BenchIncluded($id: ID!) {
    payoutBatch(id: $id) { payouts(first: 1) { edges { node { transaction { blockNumber } } } } }
  }
`;
type IncludedAnswer = {
  payoutBatch: { payouts: { edges: { node: { transaction: { blockNumber: string } | null } }[] } };
};

/** Approvals come at any moment between two blocks; a step that divides no second meets all of them. */
const PHASE_STEP_MS = 370;
const BLOCK_MS = 1_000;
const TOKEN_DECIMALS = 6;

/**
 * Pays one recipient at a time through `payoutCreate`.
 * @returns of each of `count` payments, in how many blocks after its last approval it was: 1 is the next one
 */
export async function payOneByOne(stack: StackFile, clock: BlockClock, count: number): Promise<number[]> {
  const [proposer] = stack.demo.approvers;
  const api = await signIn(stack.api, privateKeyToAccount(proposer?.privateKey as Hex), stack.chainId);
  const waited: number[] = [];
  for (const [index, row] of payrollRows(`one-${Date.now()}`, count).entries()) {
    await clock.reached(clock.latest() + 1n);
    await delay((index * PHASE_STEP_MS) % BLOCK_MS);
    const batchId = await payOne(stack, api, row, `one-${row.recipient}`);
    const approvedAt = clock.latest();
    waited.push(Number((await includedIn(api, clock, batchId)) - approvedAt));
  }
  return waited;
}

/** Resolves when its last approval has been answered. */
async function payOne(
  stack: StackFile,
  api: ApiClient,
  row: BenchPayout,
  idempotencyKey: string,
): Promise<string> {
  const { accountId, assetId } = stack.demo;
  const { recipient, units } = row;
  const { payoutCreate } = await api.request<CreateAnswer>(CREATE, {
    input: { accountId, assetId, recipient, amount: formatAmount(units, TOKEN_DECIMALS), idempotencyKey },
  });
  requireNoFaults(payoutCreate.userErrors);
  const id = payoutCreate.payoutBatch?.id ?? '';
  const { payoutBatch } = await api.request<BatchAnswer>(BATCH, { id });
  const approval = payoutBatch?.approvals.edges.at(-1)?.node;
  if (payoutBatch === null || approval === undefined) throw new Error('The payment asks for no approval.');
  const own = [{ recipient, units, row: 1 }];
  await approveBatch(
    stack,
    api,
    payoutBatch,
    approval,
    async () => own,
    () => {},
  );
  return id;
}

async function includedIn(api: ApiClient, clock: BlockClock, id: string): Promise<bigint> {
  for (;;) {
    const { payoutBatch } = await api.request<IncludedAnswer>(INCLUDED, { id });
    const transaction = payoutBatch.payouts.edges[0]?.node.transaction ?? null;
    if (transaction !== null) return BigInt(transaction.blockNumber);
    await clock.reached(clock.latest() + 1n);
  }
}
