import { sql } from 'kysely';
import { type Address, getAddress, type Hash } from 'viem';
import { readSafe } from '../../chains/evm/client/readSafe.ts';
import { type EventLog, type UnitOfWork, unitOfWork } from '../../events/unitOfWork.ts';
import type { Database } from '../../prisma/database.ts';
import {
  liveApprovals,
  lockApprovalQueue,
  lowestFreeNonce,
  replaceApproval,
} from '../../transitions/approvalQueue.ts';
import {
  type ApprovalRow,
  changeApprovalStatus,
  LIVE_APPROVAL_STATUSES,
} from '../../transitions/approvalStatus.ts';
import { isSignedElsewhere } from '../../transitions/isSignedElsewhere.ts';
import { changeBatchStatus, lockPayoutBatch } from '../../transitions/payoutBatchStatus.ts';
import { orUnknown } from './orUnknown.ts';
import type { EvmReader } from './readBlockFacts.ts';

const MAX_ACCOUNTS_READ_AT_ONCE = 100;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Of a row of `account`: the head is past the nonce of a live approval. */
export const IS_OVERTAKEN = sql<boolean>`exists (
  select from approval where approval.account_id = account.id and approval.safe_nonce < account.safe_nonce
    and approval.status in (${sql.join([...LIVE_APPROVAL_STATUSES])}))`;

/**
 * Replaces approvals whose nonce was used by something else, as of the final block: they can never be executed. The batch
 * is asked for again at the lowest free nonce, or CANCELLED where that is what it waited for; the close of a COMPLETED one
 * is asked for no more. A transaction of its own: a Safe's nonce never falls in final blocks, so this stays true whatever
 * block comes next. An account that cannot be read holds up nobody else: an owner may turn his own Safe into anything.
 * @returns the ids of accounts that could not be read
 * @throws viem's errors when the node does not answer at all
 */
export async function replaceStaleApprovals(reader: EvmReader, log: EventLog): Promise<string[]> {
  const unreadable: string[] = [];
  let after = FIRST_ID;
  for (;;) {
    const accounts = await listOvertaken(reader.database, reader.chain.id, after);
    const last = accounts.at(-1);
    const finalHash = last === undefined ? null : await findFinalHash(reader.database, reader.chain.id);
    if (last === undefined || finalHash === null) return unreadable;
    const states = await Promise.all(
      accounts.map((account) => orUnknown(readSafe(reader.client, account.address, finalHash))),
    );
    for (const [index, { id }] of accounts.entries()) {
      const state = states[index];
      if (state === 'UNKNOWN') unreadable.push(id);
      else await unitOfWork(log, (work) => replaceBelow(work, id, state?.nonce ?? 0n));
    }
    if (accounts.length < MAX_ACCOUNTS_READ_AT_ONCE) return unreadable;
    after = last.id;
  }
}

async function replaceBelow(work: UnitOfWork, accountId: string, finalNonce: bigint): Promise<void> {
  const safeNonce = await lockApprovalQueue(work.database, accountId);
  const stale = (await liveApprovals(work.database, accountId)).filter(
    (approval) => approval.safeNonce < finalNonce,
  );
  for (const approval of stale) await replaceOne(work, approval, safeNonce);
}

async function replaceOne(work: UnitOfWork, approval: ApprovalRow, safeNonce: bigint): Promise<void> {
  const batch = await lockPayoutBatch(work.database, approval.batchId);
  if (batch === null) return;
  // Done by other means: once that is final the approval ends, and nothing is asked for again.
  if ((approval.kind === 'PAYOUT_OPEN' ? batch.openedAtBlock : batch.closedAtBlock) !== null) return;
  if (approval.kind === 'PAYOUT_OPEN' && batch.status === 'CANCELLING') {
    const canStillOpen = await isSignedElsewhere(work.database, approval);
    await changeApprovalStatus(work, approval, 'CANCELLED');
    if (!canStillOpen) await changeBatchStatus(work, batch, 'CANCELLED');
    return;
  }
  // A close of what is delivered for good.
  if (batch.status === 'COMPLETED') {
    await changeApprovalStatus(work, approval, 'CANCELLED');
    await work.enqueue('batch.advance', { batchId: batch.id }, batch.id);
    return;
  }
  const live = await liveApprovals(work.database, approval.accountId);
  await replaceApproval(work, approval, lowestFreeNonce(safeNonce, live));
}

/** The next accounts, by id, with a live approval at a nonce that the head is past. */
async function listOvertaken(
  database: Database,
  chainId: string,
  after: string,
): Promise<{ id: string; address: Address }[]> {
  const rows = await database
    .selectFrom('account')
    .select(['account.id', 'account.address'])
    .where('account.chainId', '=', chainId)
    .where('account.id', '>', after)
    .where(IS_OVERTAKEN)
    .orderBy('account.id')
    .limit(MAX_ACCOUNTS_READ_AT_ONCE)
    .execute();
  return rows.map((row) => ({ id: row.id, address: getAddress(row.address) }));
}

async function findFinalHash(database: Database, chainId: string): Promise<Hash | null> {
  const block = await database
    .selectFrom('block')
    .innerJoin('chain', (join) =>
      join.onRef('chain.id', '=', 'block.chainId').onRef('chain.finalNumber', '=', 'block.number'),
    )
    .select('block.hash')
    .where('block.chainId', '=', chainId)
    .executeTakeFirst();
  return (block?.hash ?? null) as Hash | null;
}
