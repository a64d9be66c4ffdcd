import { sql } from 'kysely';
import { erc20Abi } from 'viem';
import { closeTransaction } from '../chains/evm/codec/closeTransaction.ts';
import { required } from '../core/errors.ts';
import type { ApprovalRow } from '../transitions/approvalStatus.ts';
import { unixSeconds } from '../transitions/batchTerms.ts';
import { SPENT_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';
import { lockPayoutBatch } from '../transitions/payoutBatchStatus.ts';
import type { Blocker } from './blocker.ts';
import { checkApproval } from './checkApproval.ts';
import { readFinality } from './finality.ts';
import { findAttempts } from './findAttempts.ts';
import { isPausedForSigning } from './findPause.ts';
import type { LoadedBatch } from './loadBatch.ts';
import { isStillApproved } from './openBatch.ts';
import { checkedClientOf, type PayoutEngine } from './payoutEngine.ts';
import { batchDraft, MAX_FAILED_ATTEMPTS, sendOnce } from './sendOnce.ts';

/** The vault's transfer of what is left; through the Safe, with the most owners an account may have. Fixed: see OPEN. */
const CLOSE_GAS_LIMIT = 1_000_000n;

/** Sends the Safe transaction that closes a vault, as its owners approved. @returns what keeps it from that, or null */
export async function closeAsApproved(
  engine: PayoutEngine,
  loaded: LoadedBatch,
  approval: ApprovalRow,
): Promise<Blocker | null> {
  const purpose = { kind: 'CLOSE', approvalId: approval.id } as const;
  const finality = await readFinality(engine, loaded.chain);
  if ((await findAttempts(engine.log.database, purpose, finality)).live) return null;
  const check = await checkApproval(engine, loaded, approval);
  if (!check.ready) return check.blocker;
  return sendOnce(engine, {
    purpose,
    finality,
    chain: loaded.chain,
    draft: batchDraft(loaded, {
      kind: 'CLOSE',
      approvalId: approval.id,
      to: loaded.safe,
      data: check.data,
      gasLimit: CLOSE_GAS_LIMIT,
    }),
    isStillDue: (work) => isStillApproved(work, approval, loaded.batch.status),
  });
}

/**
 * Closes a vault as anybody may: when everything is delivered and it holds money all the same, or after closeAfter when
 * rows are owed. Only once all that was executed is final, and nothing is left to execute but what the chain refuses.
 */
export async function closeAsAnybody(engine: PayoutEngine, loaded: LoadedBatch): Promise<Blocker | null> {
  const { batch } = loaded;
  if (!(await isExecutedForGood(engine, loaded)) || !(await isDue(engine, loaded))) return null;
  return sendOnce(engine, {
    purpose: { kind: 'CLOSE', batchId: batch.id },
    finality: await readFinality(engine, loaded.chain),
    chain: loaded.chain,
    draft: batchDraft(loaded, {
      kind: 'CLOSE',
      to: loaded.vault,
      data: closeTransaction({ vault: loaded.vault, nonce: 0n }).data,
      gasLimit: CLOSE_GAS_LIMIT,
    }),
    isStillDue: async (work) => {
      const current = await lockPayoutBatch(work.database, batch.id);
      if (current?.status !== batch.status || current.closedAtBlock !== null) return false;
      return !(await isPausedForSigning(work.database, current));
    },
  });
}

/** Every chunk is executed in a final block, or came to nothing so often that it is not sent any more. */
async function isExecutedForGood(engine: PayoutEngine, { batch, chain }: LoadedBatch): Promise<boolean> {
  const { rows } = await sql`
    select from payout_chunk chunk
    where chunk.batch_id = ${batch.id} and chunk.status <> 'FINAL'
      and not (chunk.status = 'PENDING' and ${MAX_FAILED_ATTEMPTS} <= (
        select count(*) from chain_transaction transaction
        where transaction.batch_id = chunk.batch_id and transaction.chunk_index = chunk.chunk_index
          and transaction.kind = 'CHUNK' and transaction.status in (${sql.join([...SPENT_TRANSACTION_STATUSES])})
          and transaction.block_number between ${batch.openedAtBlock ?? 0n} and ${chain.finalNumber ?? -1n}))
    limit 1`.execute(engine.log.database);
  return rows.length === 0;
}

async function isDue(engine: PayoutEngine, loaded: LoadedBatch): Promise<boolean> {
  const { batch, chain, token, vault } = loaded;
  const client = checkedClientOf(engine, chain.eip155ChainId);
  if (batch.finalCount < batch.payoutCount) {
    const closeAfter = required(batch.closeAfter, 'closeAfter');
    const head = await client.getBlock({ blockTag: 'latest' });
    return head.timestamp >= unixSeconds(closeAfter);
  }
  const left = await client.readContract({
    address: token.address,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [vault],
  });
  return left > 0n;
}
