import { sql } from 'kysely';
import { required } from '../../core/errors.ts';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import type { PayoutIssueCode } from '../../payroll/checks/payoutIssue.ts';
import type { IssueList } from '../../payroll/file/issueList.ts';
import type { DatabaseTransaction, Queryable } from '../../prisma/database.ts';
import { insertBatch, type NewWarning, type NewWarnings } from './insertBatch.ts';
import type { ImportedBatch } from './resolveLines.ts';

export type NewImport = {
  readonly title: string;
  readonly batches: readonly ImportedBatch[];
  /** All of them warnings. */
  readonly issues: IssueList;
  readonly byUserId: string;
};

/** Writes every batch of a file, the first under the id that stands for them all. */
export async function insertImport(work: UnitOfWork, firstId: string, plan: NewImport): Promise<void> {
  const ids = [firstId, ...(await newIds(work.database, plan.batches.length - 1))];
  const warnings = warningsOf(plan);
  for (const [index, { target, payouts }] of plan.batches.entries()) {
    await insertBatch(work, {
      id: required(ids[index], 'A new id'),
      target,
      title: plan.title,
      payouts,
      createdByUserId: plan.byUserId,
      importOfBatchId: index === 0 ? null : firstId,
      warnings: required(warnings[index], 'A batch’s warnings'),
    });
  }
}

/** The batches that one file made, in the order in which they were made, by the id of the first. */
export async function findImportedBatches(database: Queryable, firstId: string): Promise<string[]> {
  const others = await database
    .selectFrom('payoutBatch')
    .select('id')
    .where('importOfBatchId', '=', firstId)
    .orderBy('id')
    .execute();
  return [firstId, ...others.map(({ id }) => id)];
}

async function newIds(database: DatabaseTransaction, count: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select uuidv7() as id from generate_series(1, ${count}::int)`.execute(database);
  return rows.map(({ id }) => id);
}

/** A row's warnings stand with its first payout: in the batch that comes first, where a line is split over several. */
function warningsOf({ batches, issues }: NewImport): NewWarnings[] {
  const warned = new Set(issues.warnedRows);
  const placeOf = new Map<number, { batch: number; rowIndex: number }>();
  for (const [batch, { payouts }] of batches.entries()) {
    for (const [rowIndex, { row }] of payouts.entries()) {
      if (warned.has(row) && !placeOf.has(row)) placeOf.set(row, { batch, rowIndex });
    }
  }
  const counts = batches.map(() => 0);
  for (const row of issues.warnedRows) {
    const place = placeOf.get(row);
    // What is about the file as a whole is no payout's.
    if (place !== undefined) counts[place.batch] = (counts[place.batch] ?? 0) + 1;
  }
  const listed: NewWarning[][] = batches.map(() => []);
  for (const { row, code, message } of issues.kept()) {
    const place = placeOf.get(row);
    if (place === undefined) continue;
    listed[place.batch]?.push({ rowIndex: place.rowIndex, code: code as PayoutIssueCode, message });
  }
  return counts.map((count, batch) => ({ count, listed: listed[batch] ?? [] }));
}
