import { refuse, required, type UserFault, UserFaultsError } from '../../core/errors.ts';
import {
  DEFAULT_CLOSE_DELAY_SECONDS,
  DEFAULT_OPEN_WINDOW_SECONDS,
  MAX_TITLE_CHARACTERS,
} from '../../core/limits.ts';
import { payoutChecker } from '../../payroll/checks/payoutChecker.ts';
import { PAYOUT_ISSUES, type PayoutIssue, type PayoutIssueCode } from '../../payroll/checks/payoutIssue.ts';
import type { Queryable } from '../../prisma/database.ts';
import { lockApprovalQueue } from '../../transitions/approvalQueue.ts';
import { lockPayoutBatch } from '../../transitions/payoutBatchStatus.ts';
import { authorize } from '../authorize.ts';
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
import { findOnlyDestination, type PaidPayee } from './paidPayee.ts';
import { submitDraft } from './submitDraft.ts';
import { type WarningList, warningList } from './warningList.ts';

/** What can be wrong with the request, besides PAYOUT_ISSUES of its payout. */
export const PAYOUT_CREATE_FAULTS = {
  ...BATCH_TARGET_FAULTS,
  RECIPIENT_OR_PAYEE: 'The payment names both a recipient and a payee, or neither.',
  PAYEE_NOT_FOUND: 'There is no such payee, or they were archived.',
  PAYEE_OTHER_ASSET: 'The payee is paid in another asset.',
  PAYEE_SPLIT: 'The payee is paid at several addresses: that takes a file.',
  ACCOUNT_UNSAFE: 'The account’s Safe has faults (`Account.safe`): nothing is paid from it.',
  TOO_MANY_LIVE_APPROVALS: 'As many approvals of the account are under way as can be.',
  ...IDEMPOTENCY_FAULTS,
} as const;

export type PayoutCreateInput = {
  accountId: string;
  assetId: string;
  /** One of these two. */
  recipient: string | null;
  payeeId: string | null;
  amount: string;
  memo: string | null;
  reference: string | null;
  /** Null: named after whom it pays. */
  title: string | null;
  idempotencyKey: string;
};

export type PayoutCreateResult = {
  payoutBatchId: string;
  payoutId: string;
  warnings: readonly UserFault<PayoutIssueCode>[];
  replayed: boolean;
  eventCursor: string | null;
};

/**
 * Makes a batch of one payout and asks the account's owners to approve it, in one transaction. Needs BATCH_CREATE and
 * BATCH_SUBMIT.
 * @throws UserFaultsError with codes of PAYOUT_CREATE_FAULTS, or of PAYOUT_ISSUES with paths such as input.amount;
 *   NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payoutCreate(
  context: RequestContext,
  input: PayoutCreateInput,
): Promise<PayoutCreateResult> {
  const { database } = context.log;
  const found = await findTarget(context, database, input);
  const { organizationId } = found;
  await authorize(context, database, organizationId, 'BATCH_SUBMIT', 'The account');
  // Before everything that time may have changed: what was made once is answered, even if it could not be made today.
  // A request that is refused as such was never done.
  const request = unlessRefused(() => requestOf(found, input));
  const replayOf = request === null ? null : await findReplay(database, request);
  if (replayOf !== null) return made(database, replayOf, { warnings: [], replayed: true, eventCursor: null });
  const { title, target, payee, warnings, line } = await checkInput(database, found, input);
  const report = warnings.add;
  const payeeId = payee?.id ?? null;
  const payouts = await matchPayouts(database, target, [line], {
    report,
    nameRow: () => 'this payment',
    payeeId,
  });
  const created = await createOnce(
    context,
    required(request, 'A request without fault'),
    async (work, id) => {
      const safeNonce = await lockApprovalQueue(work.database, target.accountId);
      await insertBatch(work, {
        id,
        target,
        title,
        payouts,
        createdByUserId: found.viewer.userId,
        warnings: { count: warnings.count, listed: warnings.kept() },
      });
      await submitDraft(work, required(await lockPayoutBatch(work.database, id), 'The batch'), {
        safeNonce,
        openWindowSeconds: DEFAULT_OPEN_WINDOW_SECONDS,
        closeDelaySeconds: DEFAULT_CLOSE_DELAY_SECONDS,
        userId: found.viewer.userId,
      });
    },
  );
  return made(database, created.objectId, {
    warnings: created.replayed ? [] : warnings.kept().map(faultOf),
    replayed: created.replayed,
    eventCursor: created.eventCursor(organizationId),
  });
}

/** @throws UserFaultsError IDEMPOTENCY_KEY_INVALID */
function requestOf(found: FoundTarget, input: PayoutCreateInput) {
  checkIdempotencyKey(input.idempotencyKey);
  const { accountId, assetId, recipient, payeeId, amount, memo, reference, title } = input;
  const canonical = JSON.stringify([recipient, payeeId, amount, memo, reference, title]);
  return {
    scopeId: found.organizationId,
    operation: 'payoutCreate',
    key: input.idempotencyKey,
    inputHash: hashInput([accountId, assetId, canonical]),
  };
}

/** @throws UserFaultsError with the faults of key, account, asset, title, payee and payment together */
async function checkInput(database: Queryable, found: FoundTarget, input: PayoutCreateInput) {
  const faults = createFaultList();
  await faults.attempt(() => checkIdempotencyKey(input.idempotencyKey));
  const target = await faults.attempt(() => requireTarget(found));
  await faults.attempt(() => requireActive(found));
  const payee = (await faults.attempt(() => findPaid(database, found, input))) ?? null;
  // Whom it pays, and what an amount may be, is known only then.
  const canRead = target !== null && (payee !== null || (input.recipient !== null && input.payeeId === null));
  const checked = await faults.attempt(() => (canRead ? checkPayment(target, payee, input) : null));
  const title = await faults.attempt(() =>
    input.title === null
      ? titleFor(payee?.name ?? shortened(input.recipient ?? ''))
      : requireTitle(input.title),
  );
  faults.throwIfAny();
  return {
    payee,
    title: required(title, 'The title'),
    target: required(target, 'The target'),
    ...required(checked, 'The payment'),
  };
}

/** The payee who is to be paid; null where an address is. */
async function findPaid(
  database: Queryable,
  found: FoundTarget,
  { recipient, payeeId }: PayoutCreateInput,
): Promise<PaidPayee | null> {
  if ((recipient === null) === (payeeId === null)) {
    refuse('RECIPIENT_OR_PAYEE', 'Name either a recipient’s address or a payee.', ['input', 'recipient']);
  }
  return payeeId === null ? null : findOnlyDestination(database, found, payeeId);
}

function checkPayment(target: BatchTarget, payee: PaidPayee | null, input: PayoutCreateInput) {
  const recipient = payee?.address ?? input.recipient ?? '';
  const { amount, memo, reference } = input;
  const { line, issues } = payoutChecker(target, () => 'this payment')(0, {
    recipient,
    amount,
    memo,
    reference,
  });
  const warnings: WarningList = warningList();
  for (const issue of issues) if (PAYOUT_ISSUES[issue.code].severity === 'WARNING') warnings.add(0, issue);
  if (line === null) {
    const errors = issues.filter(({ code }) => PAYOUT_ISSUES[code].severity === 'ERROR');
    throw new UserFaultsError(errors.map(faultOf));
  }
  return { line, warnings };
}

/** An address as a title can hold it; what is paid is the payout’s. */
function shortened(recipient: string): string {
  const trimmed = recipient.trim();
  return `${trimmed.slice(0, 8)}…${trimmed.slice(-6)}`;
}

function titleFor(paid: string): string {
  return `Payment to ${paid.trim()}`.slice(0, MAX_TITLE_CHARACTERS).toWellFormed();
}

function faultOf({ code, field, message }: PayoutIssue): UserFault<PayoutIssueCode> {
  return { code, message, path: ['input', field] };
}

async function made(
  database: Queryable,
  payoutBatchId: string,
  rest: Pick<PayoutCreateResult, 'warnings' | 'replayed' | 'eventCursor'>,
): Promise<PayoutCreateResult> {
  const payout = await database
    .selectFrom('payout')
    .select('id')
    .where('batchId', '=', payoutBatchId)
    .where('rowIndex', '=', 0)
    .executeTakeFirstOrThrow();
  return { payoutBatchId, payoutId: payout.id, ...rest };
}
