import { sql } from 'kysely';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { ACCOUNT_TRANSITIONS } from '../transitions/accountStatus.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';
import type { AccountFact, BlockFacts } from './blockFacts.ts';
import { haveSameOwners, type LockedAccount } from './lockAccounts.ts';
import { recountApprovals } from './recountApprovals.ts';
import { writeInspections } from './writeInspections.ts';

/**
 * Writes accounts as the chain has them at a block. One that was OPENING stands now, is refused for what it is made of,
 * or stays as it is while the node does not say what its storage holds. Where owners or threshold changed, the signatures of its live approvals are counted again.
 * @param before the same accounts, locked
 */
export async function writeAccounts(
  work: UnitOfWork,
  facts: Pick<BlockFacts, 'accounts' | 'inspections'>,
  before: readonly LockedAccount[],
  number: bigint,
): Promise<void> {
  const earlier = new Map(before.map((account) => [account.id, account]));
  const inspected = await writeInspections(work, facts, earlier, number);
  const changed = facts.accounts.flatMap((fact) => {
    const account = earlier.get(fact.accountId);
    if (account === undefined || inspected.withheldIds.has(account.id)) return [];
    return isUnchanged(account, fact) ? [] : [{ fact, account }];
  });
  await updateAccounts(
    work.database,
    changed.map(({ fact }) => fact),
    number,
  );
  for (const { fact, account } of changed) {
    if (account.status === 'OPENING') {
      const { id, organizationId } = account;
      work.record({ organizationId, type: 'ACCOUNT_OPENED', subjectId: id, payload: {} });
    }
    if (account.threshold !== fact.threshold || !haveSameOwners(account, fact)) {
      await recountApprovals(work, fact);
    }
  }
  for (const event of inspected.changes) work.record(event);
}

async function updateAccounts(
  database: DatabaseTransaction,
  facts: readonly AccountFact[],
  number: bigint,
): Promise<void> {
  if (facts.length === 0) return;
  const rows = facts.map((fact) => ({
    id: fact.accountId,
    owners: fact.owners,
    threshold: fact.threshold,
    safe_nonce: fact.safeNonce.toString(),
  }));
  await sql`
    update account set owners = array(select jsonb_array_elements_text(fact.owners)), threshold = fact.threshold,
      safe_nonce = fact.safe_nonce, status = case when status in (${sql.join(sourcesOf(ACCOUNT_TRANSITIONS, 'ACTIVE'))}) then 'ACTIVE' else status end,
      opened_at_block = coalesce(opened_at_block, ${number})
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as fact (id uuid, owners jsonb, threshold int, safe_nonce bigint)
    where account.id = fact.id`.execute(database);
}

function isUnchanged(account: LockedAccount, fact: AccountFact): boolean {
  return (
    account.status !== 'OPENING' &&
    account.threshold === fact.threshold &&
    account.safeNonce === fact.safeNonce &&
    account.owners.join() === fact.owners.join()
  );
}
