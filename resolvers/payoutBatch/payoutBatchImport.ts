import type { ImportIssue } from '../../payroll/file/fileIssue.ts';
import { readPayoutFile } from '../../payroll/file/readPayoutFile.ts';
import type { PayoutFile } from '../../payroll/file/rowReader.ts';
import type { Queryable } from '../../prisma/database.ts';
import { createOnce } from '../createOnce.ts';
import { checkIdempotencyKey, findReplay, hashInput, IDEMPOTENCY_FAULTS } from '../idempotency.ts';
import type { RequestContext } from '../requestContext.ts';
import {
  BATCH_TARGET_FAULTS,
  findTarget,
  requireActive,
  requireTarget,
  requireTitle,
} from './batchTarget.ts';
import { describePaidReference, findPaidReferences } from './findPaidReferences.ts';
import { hashFile } from './hashFile.ts';
import { type ImportPreview, importPreview } from './importPreview.ts';
import { IMPORT_SOURCE_FAULTS, type ImportSource, readImportSource } from './importSource.ts';
import { findImportedBatches, insertImport } from './insertImport.ts';
import { reportLookAlikes } from './reportLookAlikes.ts';
import { resolveLines } from './resolveLines.ts';
import {
  findSplitTargets,
  SPLIT_ACCOUNT_FAULTS,
  type SplitAccount,
  splitAccountPath,
} from './splitTargets.ts';
import { readInTurn, TURN_FAULTS } from './takeTurns.ts';

/** What can be wrong with the request as such; what is wrong in the file comes as issues. */
export const PAYOUT_BATCH_IMPORT_FAULTS = {
  ...BATCH_TARGET_FAULTS,
  ...SPLIT_ACCOUNT_FAULTS,
  ...IMPORT_SOURCE_FAULTS,
  ...TURN_FAULTS,
  ...IDEMPOTENCY_FAULTS,
  IDEMPOTENCY_KEY_REUSED:
    'The idempotency key was used before, with another file, sheet, account, asset or title.',
} as const;

export type PayoutBatchImportInput = ImportSource & {
  accountId: string;
  assetId: string;
  title: string;
  /** From where destinations of payees are paid that are of another asset than assetId. */
  splitAccounts?: readonly SplitAccount[];
  /** Of a workbook; null or not given: the first that is shown. */
  sheet?: string | null;
  /** Read, check and add up; write nothing and take no notice of the key. */
  dryRun: boolean;
  idempotencyKey: string;
};

export type PayoutBatchImportResult = {
  /** The first of payoutBatchIds; null where there is none. */
  payoutBatchId: string | null;
  /** All that the file made, the import's own asset's first; none when any row is at fault, and for a dry run. */
  payoutBatchIds: readonly string[];
  /** Null when the file cannot be read to its end. */
  preview: ImportPreview | null;
  /** The first MAX_IMPORT_ISSUES_RETURNED by row; errors before warnings where not all fit. */
  issues: readonly ImportIssue[];
  issueCount: number;
  /** How many of them are errors: with none the file is (or, in a dry run, could be) written. */
  errorCount: number;
  replayed: boolean;
  eventCursor: string | null;
};

/**
 * Makes a draft batch of a file, and one more for each split account that destinations of payees are paid from: all of it
 * in one transaction, or nothing. Any row at fault is told with its row, column and value. Needs BATCH_CREATE.
 * @throws UserFaultsError with a code of PAYOUT_BATCH_IMPORT_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payoutBatchImport(
  context: RequestContext,
  input: PayoutBatchImportInput,
): Promise<PayoutBatchImportResult> {
  const { database } = context.log;
  const found = await findTarget(context, database, input);
  const foundOthers = await findSplitTargets(context, database, found, input.splitAccounts ?? []);
  const title = requireTitle(input.title);
  checkIdempotencyKey(input.idempotencyKey);
  const source = await readImportSource(context, input);
  const request = {
    scopeId: found.organizationId,
    operation: 'payoutBatchImport',
    key: input.idempotencyKey,
    inputHash: await hashRequest(input, source, title),
  };
  // Before everything that time may have changed: what was made once is answered, even if it could not be made today.
  const replayOf = input.dryRun ? null : await findReplay(database, request);
  const main = requireTarget(found);
  const others = foundOthers.map((other, index) => requireTarget(other, splitAccountPath(index)));
  if (replayOf === null) {
    requireActive(found);
    for (const [index, other] of foundOthers.entries()) requireActive(other, splitAccountPath(index));
  }
  const rules = { ...main, namesPayees: true };
  const file = await readInTurn(() => readPayoutFile(source, rules, { sheet: input.sheet ?? null }));
  const madeBefore = replayOf === null ? null : await replayed(database, replayOf);
  if (file.preview === null) return answer(file, null, madeBefore ?? NOTHING_MADE);
  // Of what was made before, nothing is a fault any more: its preview is told as the address book stands now.
  const report = madeBefore === null ? file.report : () => undefined;
  const resolved = await resolveLines(database, file.lines, main, others, report);
  const preview = importPreview(file.preview, resolved);
  if (madeBefore !== null) return answer(file, preview, madeBefore);
  const payouts = resolved.batches.flatMap((batch) => batch.payouts);
  await reportLookAlikes(database, found.organizationId, payouts, file.report);
  for (const paid of await findPaidReferences(database, found.organizationId, file.lines)) {
    const { row, reference: value } = paid;
    const message = describePaidReference(paid);
    file.report(row, { field: 'reference', value, code: 'REFERENCE_PAID_BEFORE', message });
  }
  if (input.dryRun || file.issues.errorCount > 0) return answer(file, preview, NOTHING_MADE);
  const created = await createOnce(context, request, (work, id) =>
    insertImport(work, id, {
      title,
      batches: resolved.batches,
      issues: file.issues,
      byUserId: found.viewer.userId,
    }),
  );
  return answer(file, preview, {
    payoutBatchIds: await findImportedBatches(database, created.objectId),
    replayed: created.replayed,
    eventCursor: created.eventCursor(found.organizationId),
  });
}

type Outcome = Pick<PayoutBatchImportResult, 'payoutBatchIds' | 'replayed' | 'eventCursor'>;

const NOTHING_MADE: Outcome = { payoutBatchIds: [], replayed: false, eventCursor: null };

async function replayed(database: Queryable, firstBatchId: string): Promise<Outcome> {
  const payoutBatchIds = await findImportedBatches(database, firstBatchId);
  return { payoutBatchIds, replayed: true, eventCursor: null };
}

function answer(
  { issues }: PayoutFile,
  preview: ImportPreview | null,
  outcome: Outcome,
): PayoutBatchImportResult {
  const { issueCount, errorCount } = issues;
  const payoutBatchId = outcome.payoutBatchIds[0] ?? null;
  return { ...outcome, payoutBatchId, preview, issues: issues.kept(), issueCount, errorCount };
}

async function hashRequest(input: PayoutBatchImportInput, source: Blob, title: string): Promise<Buffer> {
  const { accountId, assetId, sheet = null, splitAccounts = [] } = input;
  const split = splitAccounts.map((account) => `${account.accountId}:${account.assetId}`);
  const choice = sheet === null ? [] : [`sheet ${sheet}`];
  return hashInput([accountId, assetId, title, await hashFile(source), ...split, ...choice]);
}
