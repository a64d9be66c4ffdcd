import { required } from '../../core/errors.ts';
import { MAX_PAYOUTS_PER_BATCH, MAX_PREVIEW_ROWS } from '../../core/limits.ts';
import type { PayoutLine } from '../../payroll/checks/payoutChecker.ts';
import { nextTurn } from '../../payroll/file/nextTurn.ts';
import type { PayoutFile } from '../../payroll/file/rowReader.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { FoundPayees } from '../payee/findPayees.ts';
import type { BatchTarget } from './batchTarget.ts';
import type { NewPayout } from './insertBatch.ts';
import { findDoubt, findLinePayees, markRecipients, payeeIdAt, payeeNamedBy } from './recipientMarks.ts';
import { type LinePart, splitLine } from './splitLine.ts';

/** A payout with its row in the file; the parts of one line have the same. */
export type ImportedPayout = NewPayout & { readonly row: number };

type MatchedPayout = LinePart['payout'] & { readonly row: number };

/** What one batch of an import is to be. */
export type ImportedBatch = { readonly target: BatchTarget; readonly payouts: readonly ImportedPayout[] };

export type ResolvedLines = {
  /** Those that pay anything: the import's own asset's first, then in the split accounts' order. */
  readonly batches: readonly ImportedBatch[];
  /** Lines without an error, and their sum as the file has it. */
  readonly acceptedCount: number;
  readonly totalUnits: bigint;
  readonly newRecipientCount: number;
  readonly payeeCount: number;
  /** The first payouts in the file's order. */
  readonly firstPayouts: readonly (ImportedPayout & { assetId: string })[];
};

/** Who is told what is wrong with a row. */
export type Report = PayoutFile['report'];

/** Resolving so many lines takes a few milliseconds; other requests get their turn after them. */
const LINES_PER_TURN = 2_000;

/**
 * Makes payouts of a file's lines: marks whom they pay, and splits those that name a payee alone. Faults and warnings are
 * reported; a line with an error pays nothing.
 * @param others what split accounts pay
 */
export async function resolveLines(
  database: Queryable,
  lines: readonly PayoutLine[],
  main: BatchTarget,
  others: readonly BatchTarget[],
  report: Report,
): Promise<ResolvedLines> {
  const payees = await findLinePayees(database, main, lines);
  const batches = [main, ...others].map((target) => ({ target, payouts: [] as MatchedPayout[] }));
  const batchOf = new Map(batches.map(({ target }, index) => [target.assetId, index]));
  const targets = new Map(batches.map(({ target }) => [target.assetId, target]));
  /** Where the first payouts stand: the batch, and the place in it. */
  const first: { batch: number; index: number }[] = [];
  const payeeIds = new Set<string>();
  const rowNaming = new Map<string, number>();
  let acceptedCount = 0;
  let totalUnits = 0n;
  let payoutCount = 0;
  for (const [index, line] of lines.entries()) {
    if (index % LINES_PER_TURN === LINES_PER_TURN - 1) await nextTurn();
    const parts = resolveLine(line, payees, main, targets, rowNaming, report);
    payoutCount += parts.length;
    if (payoutCount > MAX_PAYOUTS_PER_BATCH) {
      const message = `Split over its payees’ destinations, the file makes more than ${MAX_PAYOUTS_PER_BATCH} payouts up to this row. Split the file.`;
      report(line.row, { field: 'recipient', value: null, code: 'TOO_MANY_PARTS', message });
      break;
    }
    if (parts.length === 0) continue;
    acceptedCount += 1;
    totalUnits += line.units;
    for (const { target, payout } of parts) {
      const batch = required(batchOf.get(target.assetId), 'The batch of a part');
      const count = required(batches[batch], 'A batch').payouts.push({ ...payout, row: line.row });
      if (first.length < MAX_PREVIEW_ROWS) first.push({ batch, index: count - 1 });
      if (payout.payeeId !== null) payeeIds.add(payout.payeeId);
    }
  }
  reportRepeatedParts(lines, batches[0]?.payouts ?? [], report);
  const marked: ImportedBatch[] = [];
  for (const { target, payouts } of batches) {
    marked.push({ target, payouts: await markRecipients(database, target, payouts, report) });
  }
  return {
    batches: marked.filter(({ payouts }) => payouts.length > 0),
    acceptedCount,
    totalUnits,
    newRecipientCount: marked.reduce(
      (sum, { payouts }) => sum + payouts.filter(({ isNewRecipient }) => isNewRecipient).length,
      0,
    ),
    payeeCount: payeeIds.size,
    firstPayouts: first.map(({ batch, index }) => {
      const { target, payouts } = required(marked[batch], 'A batch');
      return { ...required(payouts[index], 'A payout'), assetId: target.assetId };
    }),
  };
}

/**
 * What a line pays; nothing when it is at fault.
 * @param rowNaming the rows so far that name a payee alone, by the payee's id; this one is added
 */
function resolveLine(
  line: PayoutLine,
  payees: FoundPayees,
  main: BatchTarget,
  targets: ReadonlyMap<string, BatchTarget>,
  rowNaming: Map<string, number>,
  report: Report,
): LinePart[] {
  const { row, recipient, units, memo, reference } = line;
  const named = payeeNamedBy(payees, reference);
  if (recipient !== null) {
    const doubt = findDoubt(payees, main, line);
    if (doubt !== null) report(row, doubt);
    const payeeId = payeeIdAt(payees, recipient, reference);
    return [{ target: main, payout: { recipient, units, memo, reference, payeeId } }];
  }
  if (named === null) {
    const message =
      'No payee of the address book has this reference. Write the recipient’s address, or add the payee first.';
    report(row, { field: 'reference', value: reference, code: 'PAYEE_UNKNOWN', message });
    return [];
  }
  const earlier = rowNaming.get(named.id);
  if (earlier !== undefined) {
    const message = `Row ${earlier} names ${named.name} already. A payee is named once in a file, whatever the case of the reference.`;
    report(row, { field: 'reference', value: reference, code: 'REFERENCE_DUPLICATE', message });
    return [];
  }
  rowNaming.set(named.id, row);
  const split = splitLine(line, named, main, targets);
  if ('parts' in split) return split.parts;
  for (const issue of split.issues) report(row, issue);
  return [];
}

/** Reading the file found the lines that pay one address one amount twice; parts are known only now. */
function reportRepeatedParts(
  lines: readonly PayoutLine[],
  payouts: readonly MatchedPayout[],
  report: Report,
): void {
  const split = new Set(lines.filter(({ recipient }) => recipient === null).map(({ row }) => row));
  if (split.size === 0) return;
  const rowOf = new Map<string, number>();
  for (const { row, recipient, units } of payouts) {
    const payment = `${recipient}:${units}`;
    const earlier = rowOf.get(payment);
    if (earlier === undefined) rowOf.set(payment, row);
    else if (split.has(row) || split.has(earlier)) {
      const message = `Row ${earlier} pays ${recipient} the same amount.`;
      report(row, { field: 'recipient', value: null, code: 'PAYOUT_DUPLICATE', message });
    }
  }
}
