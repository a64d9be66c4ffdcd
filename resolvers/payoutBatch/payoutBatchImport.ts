import { refuse } from '../../core/errors.ts';
import { MAX_IMPORT_FILE_BYTES } from '../../core/limits.ts';
import type { ImportIssue } from '../../payroll/file/fileIssue.ts';
import { readPayoutFile } from '../../payroll/file/readPayoutFile.ts';
import type { ImportPreview, PayoutFile } from '../../payroll/file/rowReader.ts';
import { createOnce } from '../createOnce.ts';
import { checkIdempotencyKey, findReplay, hashInput, type IdempotentRequest } from '../idempotency.ts';
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
import { insertBatch } from './insertBatch.ts';

/** What can be wrong with the request as such; what is wrong in the file comes as issues. */
export const PAYOUT_BATCH_IMPORT_FAULTS = {
  ...BATCH_TARGET_FAULTS,
  FILE_TOO_LARGE: 'The file is larger than allowed.',
  IDEMPOTENCY_KEY_INVALID: 'The idempotency key is blank or too long.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used before, with another file, account, asset or title.',
} as const;

export type PayoutBatchImportInput = {
  accountId: string;
  assetId: string;
  title: string;
  /** CSV. It is read twice: a Blob can be. */
  file: Blob;
  /** Read, check and add up; write nothing and take no notice of the key. */
  dryRun: boolean;
  idempotencyKey: string;
};

export type PayoutBatchImportResult = {
  /** Null when any row is at fault, and for a dry run. */
  payoutBatchId: string | null;
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
 * Makes a draft batch of a CSV file, all of it or nothing: any row at fault is told with its row, column and value, and
 * then nothing is written. Needs BATCH_CREATE.
 * @throws UserFaultsError with a code of PAYOUT_BATCH_IMPORT_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payoutBatchImport(
  context: RequestContext,
  input: PayoutBatchImportInput,
): Promise<PayoutBatchImportResult> {
  const { database } = context.log;
  const found = await findTarget(context, database, input);
  const title = requireTitle(input.title);
  checkIdempotencyKey(input.idempotencyKey);
  requireFileSize(input.file);
  const request: IdempotentRequest = {
    scopeId: found.organizationId,
    operation: 'payoutBatchImport',
    key: input.idempotencyKey,
    inputHash: hashInput([input.accountId, input.assetId, title, await hashFile(input.file)]),
  };
  // Before everything that time may have changed: what was made once is answered, even if it could not be made today.
  const replayOf = input.dryRun ? null : await findReplay(database, request);
  const target = requireTarget(found);
  if (replayOf === null) requireActive(found);
  const file = await readPayoutFile(input.file, target);
  if (replayOf !== null) return answer(file, { payoutBatchId: replayOf, replayed: true, eventCursor: null });

  for (const paid of await findPaidReferences(database, found.organizationId, file.lines)) {
    const message = describePaidReference(paid);
    const issue = {
      field: 'reference',
      value: paid.reference,
      code: 'REFERENCE_PAID_BEFORE',
      message,
    } as const;
    file.report(paid.row, issue);
  }
  if (input.dryRun || file.preview === null || file.issues.errorCount > 0) {
    return answer(file, { payoutBatchId: null, replayed: false, eventCursor: null });
  }
  const created = await createOnce(context, request, (work, id) =>
    insertBatch(work, {
      id,
      target,
      title,
      payouts: file.lines,
      createdByUserId: found.viewer.userId,
      retryOfBatchId: null,
    }),
  );
  return answer(file, {
    payoutBatchId: created.objectId,
    replayed: created.replayed,
    eventCursor: created.eventCursor(found.organizationId),
  });
}

function answer(
  { preview, issues }: PayoutFile,
  outcome: Pick<PayoutBatchImportResult, 'payoutBatchId' | 'replayed' | 'eventCursor'>,
): PayoutBatchImportResult {
  const { issueCount, errorCount } = issues;
  return { ...outcome, preview, issues: issues.kept(), issueCount, errorCount };
}

function requireFileSize(file: Blob): void {
  if (file.size <= MAX_IMPORT_FILE_BYTES) return;
  const megabytes = MAX_IMPORT_FILE_BYTES / 1024 / 1024;
  refuse('FILE_TOO_LARGE', `The file is larger than ${megabytes} MiB. Split it.`, ['input', 'file']);
}
