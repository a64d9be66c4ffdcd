import { erc20Abi } from 'viem';
import { required } from '../core/errors.ts';
import { formatAmount } from '../core/money.ts';
import type { SafeFault } from '../core/safeFaults.ts';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { Queryable } from '../prisma/database.ts';
import type { ApprovalKind, PayoutBatchStatus } from '../prisma/generated/database.ts';
import type { ApprovalRow } from '../transitions/approvalStatus.ts';
import { unixSeconds } from '../transitions/batchTerms.ts';
import { lockPayoutBatch } from '../transitions/payoutBatchStatus.ts';
import type { Blocker } from './blocker.ts';
import { checkApproval } from './checkApproval.ts';
import { chunksWithOpen } from './chunksWithOpen.ts';
import { loadChunkTree } from './chunkTrees.ts';
import { readFinality } from './finality.ts';
import { findAttempts } from './findAttempts.ts';
import { isPausedForSigning } from './findPause.ts';
import type { LoadedBatch } from './loadBatch.ts';
import { checkedClientOf, type PayoutEngine } from './payoutEngine.ts';
import { batchDraft, type Followers, sendOnce } from './sendOnce.ts';
import { verifyRows } from './verifyRows.ts';

/**
 * Enough for the most owners an account may have, the vault's creation and a token that writes a new holder's balance.
 * Fixed, not estimated; what is not used is not charged.
 */
const OPEN_GAS_LIMIT = 2_000_000n;

/**
 * Sends the Safe transaction that funds and opens an APPROVED batch.
 * @param behind what goes out with it: the chunks of a small batch
 * @returns what keeps it from that, or null; undefined when the indexer has the word
 */
export async function openBatch(
  engine: PayoutEngine,
  loaded: LoadedBatch,
  behind: Followers | null = chunksWithOpen(loaded, OPEN_GAS_LIMIT),
): Promise<Blocker | null | undefined> {
  const { batch, chain } = loaded;
  const { database } = engine.log;
  const approval = await findApproval(database, batch.id, 'PAYOUT_OPEN');
  if (approval === null) return undefined;
  const purpose = { kind: 'OPEN', approvalId: approval.id } as const;
  const finality = await readFinality(engine, chain);
  if ((await findAttempts(database, purpose, finality)).live) return null;
  const client = checkedClientOf(engine, chain.eip155ChainId);
  // Somebody has opened it already: the indexer will tell, or has told why that does not count.
  if ((await client.getCode({ address: loaded.vault })) !== undefined) return undefined;
  const unsafe = await findUnsafe(database, batch.accountId);
  if (unsafe !== null) return unsafe;
  const check = await checkApproval(engine, loaded, approval);
  if (!check.ready) return check.blocker;
  const blocker =
    (await checkDeadline(engine, loaded)) ??
    (await checkFunds(engine, loaded)) ??
    (await verifyRows(database, loaded, approval));
  if (blocker !== null) return blocker;
  const held = await sendOnce(engine, {
    purpose,
    finality,
    chain,
    draft: batchDraft(loaded, {
      kind: 'OPEN',
      approvalId: approval.id,
      to: loaded.safe,
      data: check.data,
      gasLimit: OPEN_GAS_LIMIT,
    }),
    isStillDue: async (work) =>
      (await isStillApproved(work, approval, 'APPROVED')) &&
      !(await isPausedForSigning(work.database, batch)),
    behind,
  });
  // While the open is on its way: chunks need it as soon as that is seen, and of a large batch it takes a while.
  if (held === null) await loadChunkTree(database, loaded);
  return held;
}

/** Why the account's Safe is not to be paid from, as the indexer read it last; it says so anew when that changes. */
async function findUnsafe(database: Queryable, accountId: string): Promise<Blocker | null> {
  const inspection = await database
    .selectFrom('accountInspection')
    .select('faults')
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  const [fault] = (inspection?.faults ?? []) as SafeFault[];
  return fault === undefined ? null : { code: 'ACCOUNT_UNSAFE', message: fault.message };
}

/** The approval of a batch that has its signatures and waits for its execution, if there is one. */
export async function findApproval(
  database: Queryable,
  batchId: string,
  kind: ApprovalKind,
): Promise<ApprovalRow | null> {
  const approval = await database
    .selectFrom('approval')
    .selectAll()
    .where('batchId', '=', batchId)
    .where('kind', '=', kind)
    .where('status', '=', 'APPROVED')
    .executeTakeFirst();
  return approval ?? null;
}

/** Locks the batch, then reads both again: a cancellation or a lost owner may have come in between. */
export async function isStillApproved(
  work: UnitOfWork,
  approval: ApprovalRow,
  batchStatus: PayoutBatchStatus,
): Promise<boolean> {
  const batch = await lockPayoutBatch(work.database, approval.batchId);
  if (batch?.status !== batchStatus) return false;
  const current = await work.database
    .selectFrom('approval')
    .select('status')
    .where('id', '=', approval.id)
    .forShare()
    .executeTakeFirst();
  return current?.status === 'APPROVED';
}

async function checkDeadline(engine: PayoutEngine, { batch, chain }: LoadedBatch): Promise<Blocker | null> {
  const openBy = required(batch.openBy, 'openBy');
  const head = await checkedClientOf(engine, chain.eip155ChainId).getBlock({ blockTag: 'latest' });
  // The next block, in which it would be, is later than this one.
  if (head.timestamp < unixSeconds(openBy)) return null;
  return {
    code: 'OPEN_BY_PASSED',
    message: `The chain does not open this batch after ${openBy.toISOString()}.`,
  };
}

async function checkFunds(engine: PayoutEngine, loaded: LoadedBatch): Promise<Blocker | null> {
  const { batch, chain, token } = loaded;
  const balance = await checkedClientOf(engine, chain.eip155ChainId).readContract({
    address: token.address,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [loaded.safe],
  });
  if (balance >= batch.totalUnits) return null;
  const missing = formatAmount(batch.totalUnits - balance, token.decimals);
  return { code: 'NOT_FUNDED', message: `The account lacks ${missing} ${token.symbol} for this batch.` };
}
