import type { Address } from 'viem';
import { AmountError, type AmountFault, parseAmount } from '../../core/money.ts';
import { checkRecipient, type RecipientRules } from './checkRecipient.ts';
import { checkMemo, checkReference } from './checkText.ts';
import type { PayoutField, PayoutIssue, PayoutIssueCode } from './payoutIssue.ts';

/** What one payout is checked against. */
export type PayoutRules = RecipientRules & {
  /** The asset's, as the chain says. */
  readonly decimals: number;
  /** True: a payout without a recipient may name a payee by its reference. Whether it does is for the caller to find out. */
  readonly namesPayees?: boolean;
};

/** A payout as somebody wrote it. */
export type PayoutText = {
  readonly recipient: string;
  readonly amount: string;
  readonly memo: string | null;
  readonly reference: string | null;
};

/** A payout that may be paid. `row` is its place as its author counts; units are base units. */
export type PayoutLine = {
  readonly row: number;
  /** Null, only where `namesPayees` allows it: its reference says who is paid. */
  readonly recipient: Address | null;
  readonly units: bigint;
  readonly memo: string | null;
  readonly reference: string | null;
};

export type CheckedPayout = {
  /** Null when an issue is an error. */
  readonly line: PayoutLine | null;
  readonly issues: readonly PayoutIssue[];
};

const AMOUNT_ISSUE: Record<AmountFault, PayoutIssueCode> = {
  NOT_A_NUMBER: 'AMOUNT_NOT_A_NUMBER',
  AMBIGUOUS_SEPARATOR: 'AMOUNT_AMBIGUOUS_SEPARATOR',
  TOO_PRECISE: 'AMOUNT_TOO_PRECISE',
  ZERO: 'AMOUNT_ZERO',
  NEGATIVE: 'AMOUNT_NEGATIVE',
  TOO_LARGE: 'AMOUNT_TOO_LARGE',
};

/**
 * Checks the payouts of one batch, one after another; it remembers them, to find the ones that appear twice. White
 * space around a value is no part of it.
 * @param nameRow how a message calls an earlier row ("row 3")
 */
export function payoutChecker(
  rules: PayoutRules,
  nameRow: (row: number) => string,
): (row: number, payout: PayoutText) => CheckedPayout {
  const rowOfReference = new Map<string, number>();
  const rowOfPayment = new Map<string, number>();

  return (row, payout) => {
    const issues: PayoutIssue[] = [];
    const report = (field: PayoutField, value: string | null, code: PayoutIssueCode, message: string) => {
      issues.push({ field, value, code, message });
    };
    const reference = payout.reference?.trim() || null;
    const namesPayee = rules.namesPayees === true && reference !== null && payout.recipient.trim() === '';
    const recipient = namesPayee ? null : readRecipient(payout.recipient.trim(), rules, report);
    const units = readUnits(payout.amount.trim(), rules.decimals, report);
    const memo = payout.memo?.trim() || null;
    const memoFault = memo === null ? null : checkMemo(memo);
    if (memoFault !== null) report('memo', memo, memoFault.code, memoFault.message);
    if (reference !== null) readReference(reference, row, rowOfReference, nameRow, report);
    if (units === null || issues.length > 0) return { line: null, issues };
    if (recipient === null) return { line: { row, recipient, units, memo, reference }, issues };

    const payment = `${recipient}:${units}`;
    const earlier = rowOfPayment.get(payment);
    if (earlier === undefined) rowOfPayment.set(payment, row);
    else {
      const message = `${capitalized(nameRow(earlier))} pays the same recipient the same amount.`;
      report('recipient', payout.recipient, 'PAYOUT_DUPLICATE', message);
    }
    return { line: { row, recipient, units, memo, reference }, issues };
  };
}

type Report = (field: PayoutField, value: string | null, code: PayoutIssueCode, message: string) => void;

function readRecipient(text: string, rules: RecipientRules, report: Report): Address | null {
  if (text === '') {
    report('recipient', null, 'FIELD_MISSING', 'The recipient is missing.');
    return null;
  }
  const checked = checkRecipient(text, rules);
  if ('address' in checked) return checked.address;
  report('recipient', text, checked.code, checked.message);
  return null;
}

function readUnits(text: string, decimals: number, report: Report): bigint | null {
  if (text === '') {
    report('amount', null, 'FIELD_MISSING', 'The amount is missing.');
    return null;
  }
  try {
    return parseAmount(text, decimals);
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    report('amount', text, AMOUNT_ISSUE[error.code], error.message);
    return null;
  }
}

function readReference(
  reference: string,
  row: number,
  rowOfReference: Map<string, number>,
  nameRow: (row: number) => string,
  report: Report,
): void {
  const fault = checkReference(reference);
  if (fault !== null) {
    report('reference', reference, fault.code, fault.message);
    return;
  }
  const earlier = rowOfReference.get(reference);
  if (earlier === undefined) rowOfReference.set(reference, row);
  else {
    const message = `${capitalized(nameRow(earlier))} has the same reference. A reference stands once in a batch.`;
    report('reference', reference, 'REFERENCE_DUPLICATE', message);
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
