import type { Hash } from 'viem';
import { isUnproven } from '../../core/safeFaults.ts';
import { type EventLog, unitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { advanceWaiting } from '../advanceWaiting.ts';
import { isAdopting, lockAccounts } from '../lockAccounts.ts';
import { writeAccounts } from '../writeAccounts.ts';
import { writeBalances } from '../writeTransfers.ts';
import {
  MAX_ACCOUNTS_READ_AT_ONCE,
  MAX_BALANCES_READ_AT_ONCE,
  type ReadStates,
  type Unread,
} from './findUnread.ts';
import type { EvmReader } from './readBlockFacts.ts';
import { readStates } from './readStates.ts';

/**
 * Reads at the head what no log of a block told: accounts and balances that are new here, that changed while this process
 * did not look, or whose blocks were too old to be asked about.
 * @returns what the node would not say, and whether there is more than one go may read
 */
export async function refreshStates(
  reader: EvmReader,
  log: EventLog,
  head: { number: bigint; hash: Hash },
  { unread: wanted, read }: { unread: Unread; read: ReadStates },
): Promise<{ unknown: string[]; more: boolean }> {
  if (wanted.accounts.length === 0 && wanted.balances.length === 0) return { unknown: [], more: false };
  const states = await readStates(reader.client, head.hash, wanted);
  const { value: adopted } = await unitOfWork(log, async (work) => {
    if (!(await isStillHead(work.database, reader.chain.id, head.hash))) return null;
    const accounts = await lockAccounts(
      work.database,
      new Set(states.inspections.map((fact) => fact.accountId)),
    );
    await writeAccounts(work, states, accounts, head.number);
    await writeBalances(work.database, states.balances, head.number);
    await advanceWaiting(
      work,
      [...states.inspections, ...states.balances].map((fact) => fact.accountId),
    );
    const undecided = new Set(
      states.inspections
        .filter(({ faults }) => faults.length > 0 && faults.every(isUnproven))
        .map((fact) => fact.accountId),
    );
    return new Set(
      accounts.filter((each) => isAdopting(each) && !undecided.has(each.id)).map(({ id }) => id),
    );
  });
  if (adopted === null) return { unknown: [], more: true };
  const unknown = [
    // What is adopted or refused by now was read well enough.
    ...states.unknownAccountIds.filter((id) => !adopted.has(id)),
    ...states.unknownBalances.map((key) => `${key.accountId}:${key.assetId}`),
  ];
  for (const { id } of wanted.accounts) read.accounts.add(id);
  for (const id of states.unknownAccountIds) read.accounts.delete(id);
  for (const key of unknown) read.unreadable.add(key);
  // What was adopted just now has balances to be read.
  const more =
    adopted.size > 0 ||
    wanted.accounts.length === MAX_ACCOUNTS_READ_AT_ONCE ||
    wanted.balances.length === MAX_BALANCES_READ_AT_ONCE;
  return { unknown, more };
}

/** Keeps blocks from being written until the transaction ends: what was read is true of this head alone. */
async function isStillHead(database: DatabaseTransaction, chainId: string, hash: string): Promise<boolean> {
  const chain = await database
    .selectFrom('chain')
    .select('id')
    .where('id', '=', chainId)
    .where('headHash', '=', hash)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return chain !== undefined;
}
