import { setImmediate as nextTurn } from 'node:timers/promises';
import { refuse, required, type UserFault, UserFaultsError } from '../../core/errors.ts';
import { MAX_IMPORT_ISSUES_RETURNED, MAX_PAYOUTS_PER_BATCH } from '../../core/limits.ts';
import { type PayoutLine, type PayoutText, payoutChecker } from '../../payroll/checks/payoutChecker.ts';
import { PAYOUT_ISSUES, type PayoutIssue, type PayoutIssueCode } from '../../payroll/checks/payoutIssue.ts';
import { createOnce } from '../createOnce.ts';
import { createFaultList } from '../faultList.ts';
import { checkIdempotencyKey, findReplay, hashInput, IDEMPOTENCY_FAULTS } from '../idempotency.ts';
import type { RequestContext } from '../requestContext.ts';
import { unlessRefused } from '../unlessRefused.ts';
import {
  BATCH_TARGET_FAULTS,
  type BatchTarget,
  type FoundTarget,
  findTarget,
  requireActive,
  requireTarget,
  requireTitle,
} from './batchTarget.ts';
import { insertBatch } from './insertBatch.ts';
import { matchPayouts } from './matchPayouts.ts';
import { type WarningList, warningList } from './warningList.ts';

/** What can be wrong with the request, besides PAYOUT_ISSUES of its payouts. */
export const PAYOUT_BATCH_CREATE_FAULTS = {
  ...BATCH_TARGET_FAULTS,
  PAYOUTS_MISSING: 'The batch has no payouts.',
  TOO_MANY_PAYOUTS: 'The batch has more payouts than allowed.',
  FAULTS_NOT_LISTED: 'There are more faults than are listed.',
  ...IDEMPOTENCY_FAULTS,
} as const;

export type PayoutBatchCreateInput = {
  accountId: string;
  assetId: string;
  title: string;
  payouts: readonly PayoutText[];
  idempotencyKey: string;
};

export type PayoutBatchCreateResult = {
  payoutBatchId: string;
  /** What is worth a look, with the path of the payout; at most MAX_IMPORT_ISSUES_RETURNED. */
  warnings: readonly UserFault<PayoutIssueCode>[];
  replayed: boolean;
  eventCursor: string | null;
};

/** Checking this many rows takes about five milliseconds; other requests get their turn then. */
const PAYOUTS_PER_TURN = 500;

/**
 * Makes a draft batch of payouts given one by one, checked as those of a file: all or nothing. Needs BATCH_CREATE.
 * @throws UserFaultsError with codes of PAYOUT_BATCH_CREATE_FAULTS, or of PAYOUT_ISSUES with paths such as
 *   input.payouts.317.amount; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payoutBatchCreate(
  context: RequestContext,
  input: PayoutBatchCreateInput,
): Promise<PayoutBatchCreateResult> {
  const { database } = context.log;
  const found = await findTarget(context, database, input);
  // Before everything that time may have changed: what was made once is answered, even if it could not be made today.
  // A request that is refused as such was never done.
  const request = unlessRefused(() => requestOf(found, input));
  const replayOf = request === null ? null : await findReplay(database, request);
  if (replayOf !== null) return { payoutBatchId: replayOf, warnings: [], replayed: true, eventCursor: null };
  const { title, target, lines, warnings } = await checkInput(found, input);
  const payouts = await matchPayouts(database, target, lines, { report: warnings.add, nameRow });
  const created = await createOnce(context, required(request, 'A request without fault'), (work, id) =>
    insertBatch(work, {
      id,
      target,
      title,
      payouts,
      createdByUserId: found.viewer.userId,
      warnings: { count: warnings.count, listed: warnings.kept() },
    }),
  );
  return {
    payoutBatchId: created.objectId,
    warnings: created.replayed ? [] : warnings.kept().map((warning) => faultAt(warning.rowIndex, warning)),
    replayed: created.replayed,
    eventCursor: created.eventCursor(found.organizationId),
  };
}

/** @throws UserFaultsError IDEMPOTENCY_KEY_INVALID, TITLE_INVALID */
function requestOf(found: FoundTarget, input: PayoutBatchCreateInput) {
  checkIdempotencyKey(input.idempotencyKey);
  const title = requireTitle(input.title);
  return {
    scopeId: found.organizationId,
    operation: 'payoutBatchCreate',
    key: input.idempotencyKey,
    inputHash: hashInput([input.accountId, input.assetId, title, canonical(input.payouts)]),
  };
}

/** @throws UserFaultsError with the faults of title, key, account, asset and payouts together */
async function checkInput(found: FoundTarget, input: PayoutBatchCreateInput) {
  const faults = createFaultList();
  const title = await faults.attempt(() => requireTitle(input.title));
  await faults.attempt(() => checkIdempotencyKey(input.idempotencyKey));
  const target = await faults.attempt(() => requireTarget(found));
  await faults.attempt(() => requireActive(found));
  const checked = await faults.attempt(async () => {
    requirePayoutCount(input.payouts.length);
    // Without a token nobody knows what an amount or a recipient may be.
    return target === null ? null : await checkPayouts(target, input.payouts);
  });
  faults.throwIfAny();
  return {
    title: required(title, 'The title'),
    target: required(target, 'The target'),
    ...required(checked, 'The payouts'),
  };
}

function requirePayoutCount(count: number): void {
  const path = ['input', 'payouts'];
  if (count === 0) refuse('PAYOUTS_MISSING', 'A batch has at least one payout.', path);
  if (count > MAX_PAYOUTS_PER_BATCH) {
    refuse('TOO_MANY_PAYOUTS', `A batch has at most ${MAX_PAYOUTS_PER_BATCH} payouts.`, path);
  }
}

/** The payouts as one text that differs whenever they do. */
function canonical(payouts: readonly PayoutText[]): string {
  return JSON.stringify(
    payouts.map(({ recipient, amount, memo, reference }) => [recipient, amount, memo, reference]),
  );
}

/** How a message calls a payout of the input. */
function nameRow(index: number): string {
  return `payouts[${index}]`;
}

/** @throws UserFaultsError with every error, up to a limit */
async function checkPayouts(
  target: BatchTarget,
  payouts: readonly PayoutText[],
): Promise<{ lines: PayoutLine[]; warnings: WarningList }> {
  const check = payoutChecker(target, nameRow);
  const lines: PayoutLine[] = [];
  const warnings = warningList();
  const errors: UserFault[] = [];
  let errorCount = 0;
  for (const [index, payout] of payouts.entries()) {
    const { line, issues } = check(index, payout);
    if (line !== null) lines.push(line);
    for (const issue of issues) {
      if (PAYOUT_ISSUES[issue.code].severity === 'WARNING') {
        warnings.add(index, issue);
        continue;
      }
      errorCount += 1;
      if (errors.length < MAX_IMPORT_ISSUES_RETURNED) errors.push(faultAt(index, issue));
    }
    if (index % PAYOUTS_PER_TURN === PAYOUTS_PER_TURN - 1) await nextTurn();
  }
  if (errorCount > errors.length) {
    const message = `${errorCount - errors.length} more faults are not listed.`;
    errors.push({ code: 'FAULTS_NOT_LISTED', message, path: ['input', 'payouts'] });
  }
  if (errorCount > 0) throw new UserFaultsError(errors);
  return { lines, warnings };
}

function faultAt(index: number, { code, field, message }: PayoutIssue): UserFault<PayoutIssueCode> {
  return { code, message, path: ['input', 'payouts', String(index), field] };
}
